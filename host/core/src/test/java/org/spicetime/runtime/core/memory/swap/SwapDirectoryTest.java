// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SwapDirectoryTest {
    @TempDir Path temporary;

    @Test
    void theDirectoryIsMadeWhenItIsNeeded() throws IOException {
        Path path = temporary.resolve("instance").resolve("swap");
        SwapDirectory directory = SwapDirectory.of(path);
        assertThat(path).doesNotExist();
        directory.open().close();
        assertThat(path).isDirectory();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void anOpenFileHasNoNameAndNobodyElseCanLookIn() throws IOException {
        Path path = temporary.resolve("swap");
        try (SwapChannel _ = SwapDirectory.of(path).open()) {
            assertThat(path).isEmptyDirectory();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void whatACrashLeftIsDeletedAtTheNextStartAndNothingElse() throws IOException {
        Path left = Files.createFile(temporary.resolve("a.swap"));
        Path other = Files.createFile(temporary.resolve("notes.txt"));
        SwapDirectory.of(temporary);
        assertThat(left).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void aFileInTheWayIsAnError() throws IOException {
        Path path = Files.createFile(temporary.resolve("swap"));
        assertThatIOException()
                .isThrownBy(() -> SwapDirectory.of(path).open())
                .withMessageContaining(path.toString());
    }

    @Test
    void aPathBelowAFileIsAnError() throws IOException {
        Path path = Files.createFile(temporary.resolve("file")).resolve("swap");
        assertThatIOException().isThrownBy(() -> SwapDirectory.of(path).open());
    }
}
