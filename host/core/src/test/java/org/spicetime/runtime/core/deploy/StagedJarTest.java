// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

final class StagedJarTest {

    private static final String GOOD =
            """
            Manifest-Version: 1.0
            Bundle-SymbolicName: acme.one;singleton:=true
            Bundle-Version: 1.2.3.x

            """;

    @TempDir Path folder;

    @Test
    void tellsWhatTheManifestSays() throws Exception {
        Path file = jar(Map.of("META-INF/MANIFEST.MF", GOOD));
        try (StagedJar jar = StagedJar.of(file)) {
            assertThat(jar.symbolicName()).isEqualTo("acme.one");
            assertThat(jar.version()).isEqualTo(new Version(1, 2, 3, "x"));
            assertThat(jar.fragmentHost()).isNull();
            assertThat(jar.sha256()).matches("[0-9a-f]{64}");
            assertThat(jar.copy()).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void theCopyStaysAsItWasAndGoesAtTheEnd() throws Exception {
        Path file = jar(Map.of("META-INF/MANIFEST.MF", GOOD));
        StagedJar jar = StagedJar.of(file);
        long size = Files.size(file);
        Files.writeString(file, "overwritten");
        assertThat(jar.copy()).hasSize(size);
        jar.close();
        assertThat(jar.copy()).doesNotExist();
    }

    @Test
    void aVersionMayBeMissing() throws Exception {
        String without = GOOD.replaceFirst("Bundle-Version.*\n", "");
        try (StagedJar jar = StagedJar.of(jar(Map.of("META-INF/MANIFEST.MF", without)))) {
            assertThat(jar.version()).isEqualTo(Version.emptyVersion);
        }
    }

    @Test
    void whatIsNoBundleIsRefusedWithTheReason() throws IOException {
        refused(jar(Map.of("readme.txt", "hello")), "it has no META-INF/MANIFEST.MF");
        refused(
                jar(Map.of("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n\n")),
                "its manifest has no Bundle-SymbolicName");
        refused(
                jar(Map.of("META-INF/MANIFEST.MF", GOOD.replace("1.2.3.x", "one"))),
                "its Bundle-Version one is none");
        refused(Files.writeString(folder.resolve("text.jar"), "text"), "not a readable jar");
        refused(Files.createFile(folder.resolve("empty.jar")), "not a readable jar");
    }

    @Test
    void aJarThatWasCutOrDamagedIsRefused() throws IOException {
        byte[] whole =
                Files.readAllBytes(
                        jar(Map.of("META-INF/MANIFEST.MF", GOOD, "text", "hello".repeat(1000))));
        for (int length = 0; length < whole.length; length += 13) {
            Path cut = folder.resolve("cut.jar");
            Files.write(cut, java.util.Arrays.copyOf(whole, length));
            refused(cut, "not a readable jar");
        }
    }

    @Test
    void oneWrongBitInAnEntryIsFound() throws IOException {
        Path file = folder.resolve("flipped.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setLevel(java.util.zip.Deflater.NO_COMPRESSION);
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(GOOD.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
            zip.putNextEntry(new ZipEntry("text"));
            zip.write("hello world".getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("hello world");
        bytes[at] ^= 1;
        Files.write(file, bytes);
        refused(file, "entry text is damaged");
    }

    @Test
    void aJarThatInflatesWithoutEndIsRefused() throws IOException {
        Path bomb = folder.resolve("bomb.jar");
        byte[] zeros = new byte[1 << 20];
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            zip.putNextEntry(new ZipEntry("zeros"));
            for (long written = 0;
                    written <= StagedJar.MOST_INFLATED_BYTES;
                    written += zeros.length) {
                zip.write(zeros);
            }
            zip.closeEntry();
        }
        refused(bomb, "more than " + StagedJar.MOST_INFLATED_BYTES + " bytes together");
    }

    @Test
    void aFileThatIsTooLargeIsNotEvenCopied() throws IOException {
        Path large = folder.resolve("large.jar");
        try (var channel =
                java.nio.channels.FileChannel.open(
                        large,
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[1]), StagedJar.MOST_BYTES);
        }
        refused(large, "a bundle may have " + StagedJar.MOST_BYTES + " at most");
    }

    private static void refused(Path file, String why) {
        assertThatThrownBy(() -> StagedJar.of(file))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining(why);
    }

    private Path jar(Map<String, String> entries) throws IOException {
        Path file = Files.createTempFile(folder, "made", ".jar");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return file;
    }
}
