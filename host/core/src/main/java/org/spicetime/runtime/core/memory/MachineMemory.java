// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much memory the machine, or the control group this process runs in, could still back. Reads
 * the files of Linux below a root; what cannot be read is unknown, never 0. Thread-safe.
 *
 * <p>See <i>proc(5)</i>, MemAvailable, and the memory controllers in the kernel's guide to control
 * groups.
 */
public final class MachineMemory {
    private final Path root;

    /**
     * @param root where {@code proc} and {@code sys} are
     */
    public MachineMemory(Path root) {
        this.root = root;
    }

    /** Bytes that could be used now; empty: unknown. */
    public OptionalLong availableBytes() {
        OptionalLong available = memAvailable();
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            if (parts[0].equals("0") && parts[1].isEmpty()) {
                available =
                        inGroup(
                                available,
                                root.resolve("sys/fs/cgroup"),
                                parts[2],
                                "memory.max",
                                "memory.current",
                                "inactive_file");
            } else if (List.of(parts[1].split(",")).contains("memory")) {
                available =
                        inGroup(
                                available,
                                root.resolve("sys/fs/cgroup/memory"),
                                parts[2],
                                "memory.limit_in_bytes",
                                "memory.usage_in_bytes",
                                "total_inactive_file");
            }
        }
        return available;
    }

    private OptionalLong memAvailable() {
        OptionalLong kibibytes = field(lines(root.resolve("proc/meminfo")), "MemAvailable:");
        return kibibytes.isEmpty() ? kibibytes : OptionalLong.of(kibibytes.getAsLong() << 10);
    }

    /** The group and all above it: each limit counts. In a container the path may be the host's. */
    private static OptionalLong inGroup(
            OptionalLong known,
            Path mount,
            String group,
            String max,
            String current,
            String cache) {
        OptionalLong least = known;
        Path inside = mount.resolve("." + group).normalize();
        for (Path at = inside; at != null && at.startsWith(mount); at = at.getParent()) {
            OptionalLong limit = number(at.resolve(max));
            OptionalLong usage = number(at.resolve(current));
            if (limit.isPresent() && usage.isPresent()) {
                // Pages of files that were not used lately are dropped before anything fails.
                long droppable = field(lines(at.resolve("memory.stat")), cache).orElse(0);
                long left = limit.getAsLong() - usage.getAsLong() + droppable;
                left = Math.clamp(left, 0, limit.getAsLong());
                least = OptionalLong.of(Math.min(left, least.orElse(Long.MAX_VALUE)));
            }
        }
        return least;
    }

    private static OptionalLong number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? OptionalLong.empty() : parse(lines.getFirst().strip());
    }

    private static OptionalLong field(List<String> lines, String name) {
        for (String line : lines) {
            String[] words = line.split("\\s+");
            if (words.length >= 2 && words[0].equals(name)) {
                return parse(words[1]);
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong parse(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException notANumber) {
            return OptionalLong.empty(); // "max": no limit
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException notReadable) {
            return List.of(); // not on this system: unknown
        }
    }
}
