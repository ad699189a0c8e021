// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineMemoryTest {
    @TempDir private Path root;

    @Test
    void whatCannotBeReadIsUnknown() {
        assertThat(new MachineMemory(root).availableBytes()).isEmpty();
    }

    @Test
    void withoutAControlGroupTheMachineDecides() throws IOException {
        write("proc/meminfo", "MemTotal:  9999 kB\nMemAvailable:    1000 kB\n");
        assertThat(new MachineMemory(root).availableBytes()).hasValue(1000 << 10);
    }

    @Test
    void theSmallestLimitOfTheGroupAndAllAboveItCounts() throws IOException {
        write("proc/meminfo", "MemAvailable:    1000 kB\n");
        write("proc/self/cgroup", "0::/outer/inner\n");
        write("sys/fs/cgroup/outer/memory.max", "500000\n");
        write("sys/fs/cgroup/outer/memory.current", "100000\n");
        write("sys/fs/cgroup/outer/memory.stat", "anon 1\ninactive_file 50000\n");
        write("sys/fs/cgroup/outer/inner/memory.max", "max\n");
        write("sys/fs/cgroup/outer/inner/memory.current", "90000\n");
        assertThat(new MachineMemory(root).availableBytes()).hasValue(450_000);
    }

    @Test
    void theOlderHierarchyIsReadAsWell() throws IOException {
        write("proc/self/cgroup", "3:cpu:/a\n4:memory:/a\n0::/\n");
        write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "700000\n");
        write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "600000\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "800000\n");
        assertThat(new MachineMemory(root).availableBytes()).hasValue(100_000);
    }

    @Test
    void aGroupThatIsOverItsLimitHasNothingLeft() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "100\n");
        write("sys/fs/cgroup/memory.current", "200\n");
        assertThat(new MachineMemory(root).availableBytes()).hasValue(0);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
