// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPropertiesTest {
    @TempDir Path root;
    private Path home;
    private Path instance;

    @BeforeEach
    void makeBothDirectories() throws IOException {
        home = Files.createDirectories(root.resolve("home dir"));
        instance = Files.createDirectories(root.resolve("instance"));
        Files.createDirectories(home.resolve("etc"));
        Files.createDirectories(instance.resolve("etc"));
    }

    @Test
    void theCommandLineWinsOverTheInstanceAndThatOverTheInstallation() throws Exception {
        write(home, "a=home\nb=home\nc=home\n");
        write(instance, "b=instance\nc=instance\n");

        assertThat(load(Map.of("c", "line")))
                .isEqualTo(Map.of("a", "home", "b", "instance", "c", "line"));
    }

    @Test
    void placeholdersBecomePathsAlsoWithDollarsAndBackslashesInThem() throws Exception {
        Path odd = Files.createDirectories(root.resolve("in$1stance"));
        write(home, "a=${app.home}:${instance}/x\n");

        assertThat(new HostProperties(home, odd).load(Map.of()))
                .containsEntry("a", home + ":" + odd + "/x");
    }

    @Test
    void aFileOfTheInstanceStandsForThatOfTheInstallation() throws Exception {
        write(home, "own=${file:etc/own.xml}\nshipped=${file:etc/shipped.xml}\n");
        Files.createFile(instance.resolve("etc/own.xml"));

        assertThat(load(Map.of()))
                .containsEntry("own", instance.resolve("etc/own.xml").toString())
                .containsEntry("shipped", home.resolve("etc/shipped.xml").toString());
    }

    @Test
    void anUnknownPlaceholderIsRefusedWithFileAndName() throws Exception {
        write(home, "");
        write(instance, "my.key=${user.name}\n");

        assertThatThrownBy(() -> load(Map.of()))
                .hasMessageContainingAll(
                        instance.resolve("etc/host.properties").toString(),
                        "my.key",
                        "${user.name}");
    }

    @Test
    void aBrokenEscapeSequenceIsRefusedWithTheFile() throws Exception {
        write(home, "a=\\u12\n");

        assertThatThrownBy(() -> load(Map.of()))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("host.properties is not a properties file");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws Exception {
        Files.write(home.resolve("etc/host.properties"), new byte[] {'a', '=', (byte) 0xff});

        assertThatThrownBy(() -> load(Map.of())).hasMessageContaining("is not UTF-8 text");
    }

    @Test
    void anInstallationWithoutSettingsIsIncomplete() {
        assertThatThrownBy(() -> load(Map.of()))
                .hasMessageContaining("the installation is incomplete");
    }

    @Test
    void aDirectoryInPlaceOfTheOverrideIsRefused() throws Exception {
        write(home, "");
        Files.createDirectories(instance.resolve("etc/host.properties"));

        assertThatThrownBy(() -> load(Map.of()))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("cannot read " + instance.resolve("etc/host.properties"));
    }

    private Map<String, String> load(Map<String, String> commandLine) throws StartRefusedException {
        return new HostProperties(home, instance).load(commandLine);
    }

    private static void write(Path directory, String text) throws IOException {
        Files.writeString(directory.resolve("etc/host.properties"), text);
    }
}
