// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceDirectoryTest {
    @TempDir Path root;

    @Test
    void everyFolderIsMadeForTheOwnerOnly() throws Exception {
        Path fresh = root.resolve("a/b");
        InstanceDirectory.open(fresh).close();

        for (String folder :
                new String[] {"", "etc", "deploy", "store", "cache", "secrets", "audit", "log"}) {
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(fresh.resolve(folder))))
                    .as(folder)
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void secretsThatOthersCouldReadAreClosed() throws Exception {
        Path secrets = Files.createDirectories(root.resolve("secrets"));
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwxr-xr-x"));

        InstanceDirectory.open(root).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
                .isEqualTo("rwx------");
    }

    @Test
    void aSecondHolderIsRefusedAndTheFirstIsNamed() throws Exception {
        try (InstanceDirectory held = InstanceDirectory.open(root)) {
            held.announce(4711, "http://127.0.0.1:1");

            assertThatThrownBy(() -> InstanceDirectory.open(root))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContainingAll(
                            root.toString(), "is in use by process 4711", "--data DIR");
            assertThat(root.resolve("run/host.pid")).hasContent("4711\nhttp://127.0.0.1:1\n");
        }
    }

    @Test
    void afterItsReleaseTheDirectoryCanBeHeldAgain() throws Exception {
        InstanceDirectory.open(root).close();
        InstanceDirectory.open(root).close();

        assertThat(root.resolve("run/host.pid")).doesNotExist();
    }

    @Test
    void theHostKeepsItsIdentityOverRestarts() throws Exception {
        UUID first = idOnce();

        assertThat(idOnce()).isEqualTo(first);
    }

    @Test
    void aDamagedIdentityIsRefusedAndKept() throws Exception {
        Files.writeString(root.resolve("host.id"), "not a uuid");

        assertThatThrownBy(() -> InstanceDirectory.open(root))
                .hasMessageContaining("was \"not a uuid\"");
        assertThat(root.resolve("host.id")).hasContent("not a uuid");
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws Exception {
        Path file = Files.createFile(root.resolve("file"));

        assertThatThrownBy(() -> InstanceDirectory.open(file))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll("cannot use the instance directory " + file, "--data DIR");
    }

    @Test
    void temporaryFilesOfTheLastRunAreGoneAndOthersStay() throws Exception {
        Path left = Files.createDirectories(root.resolve("cache/tmp/deep")).resolve("file");
        Files.createFile(left);
        Path kept = Files.createFile(root.resolve("cache/kept"));
        Path outside = Files.createFile(root.resolve("outside"));
        Files.createSymbolicLink(root.resolve("cache/tmp/link"), outside);

        InstanceDirectory.open(root).close();

        assertThat(root.resolve("cache/tmp")).isEmptyDirectory();
        assertThat(kept).exists();
        assertThat(outside).exists();
    }

    private UUID idOnce() throws Exception {
        try (InstanceDirectory instance = InstanceDirectory.open(root)) {
            return instance.hostId();
        }
    }
}
