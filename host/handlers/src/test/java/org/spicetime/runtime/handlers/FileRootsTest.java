// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;

class FileRootsTest {

    @TempDir Path temporary;
    private Path root;
    private FileRoots roots;

    @BeforeEach
    void aRootWithAFileAndASecretBesideIt() throws IOException {
        root = Files.createDirectory(temporary.resolve("root"));
        Files.writeString(root.resolve("file"), "content");
        Files.writeString(temporary.resolve("secret"), "hidden");
        roots = new FileRoots(List.of(root.toString()));
    }

    @Test
    void aRelativePathIsLookedUpInTheRoot() throws IOException {
        assertThat(roots.resolve("file")).isEqualTo(root.toRealPath().resolve("file"));
    }

    @Test
    void anAbsolutePathInsideOfTheRootIsAccepted() throws IOException {
        assertThat(roots.resolve(root.toRealPath().resolve("file").toString())).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "x/../../secret", "/etc/passwd", "/"})
    void aPathOutsideOfTheRootIsRefused(String path) {
        assertThatThrownBy(() -> roots.resolve(path))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refusal -> {
                            assertThat(refusal.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
                            assertThat(refusal)
                                    .hasMessageContaining("outside of the configured roots");
                        });
    }

    @Test
    void aLinkThatLeadsOutOfTheRootIsRefused() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), temporary.resolve("secret"));

        assertThatThrownBy(() -> roots.resolve("link")).isInstanceOf(RefusedException.class);
    }

    @Test
    void aMissingFileInsideOfTheRootIsToldApart() {
        assertThatThrownBy(() -> roots.resolve("missing")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aNameWithANulCharacterIsRefused() {
        assertThatThrownBy(() -> roots.resolve("fi\0le")).isInstanceOf(RefusedException.class);
    }

    @Test
    void aConfiguredFolderThatIsNotThereIsLeftOutAndNamed() throws Exception {
        Path there = Files.createDirectory(temporary.resolve("there"));
        Files.writeString(there.resolve("file"), "x");
        String gone = temporary.resolve("gone").toString();
        FileRoots mixed = new FileRoots(List.of(gone, there.toString(), "no\0path"));
        assertThat(mixed.resolve("file")).exists();
        assertThatThrownBy(() -> mixed.resolve("/etc/passwd"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("configured, but not there: " + gone);
        assertThatThrownBy(() -> new FileRoots(List.of(gone)).resolve("file"))
                .isInstanceOf(RefusedException.class);
    }
}
