// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedConfigurationsTest {

    @TempDir Path folder;

    @Test
    void copiesOfFilesAreForgottenAndChangesKept() throws Exception {
        Path changed = write("org/a.config", "depth=I\"4\"\nservice.pid=\"org.a\"\n");
        Path copy =
                write(
                        "org/b%007edeploy.config",
                        "x=\"1\"\nfelix.fileinstall.filename=\"file:/x\"\n");
        Path quoting = write("c.config", "text=\"felix.fileinstall.filename=\"\n");
        Path damaged = Files.write(folder.resolve("d.config"), new byte[] {(byte) 0xff, 0, 1});
        SavedConfigurations.forgetCopies(Map.of(SavedConfigurations.FOLDER, folder.toString()));
        assertThat(copy).doesNotExist();
        assertThat(changed).exists();
        assertThat(quoting).exists();
        assertThat(damaged).exists();
    }

    @Test
    void withoutAFolderThereIsNothingToDo() throws Exception {
        SavedConfigurations.forgetCopies(Map.of());
        SavedConfigurations.forgetCopies(
                Map.of(SavedConfigurations.FOLDER, folder.resolve("none").toString()));
        assertThat(folder).isEmptyDirectory();
    }

    private Path write(String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
