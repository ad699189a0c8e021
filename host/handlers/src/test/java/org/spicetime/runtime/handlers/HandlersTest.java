// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.handler.TaskCancelledException;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.testkit.handler.AttemptContext;

class HandlersTest {

    @TempDir Path root;
    private final AttemptContext context = new AttemptContext();
    private DigestDataHandler digestData;
    private DigestTreeHandler digestTree;

    @BeforeEach
    void handlersOnARoot() throws IOException {
        FileRoots roots = new FileRoots(List.of(root.toString()));
        digestData = new DigestDataHandler(roots);
        digestTree = new DigestTreeHandler(roots);
    }

    @AfterEach
    void releaseTheArena() {
        context.close();
    }

    @Test
    void aTextIsDigestedAsTheJdkDigestsIt() throws Exception {
        var result = digestData.run(data("abc", null, null, 1), context);

        assertThat(result.digest()).isEqualTo(sha256("abc".getBytes(UTF_8)));
        assertThat(result.bytes()).isEqualTo(3);
    }

    @Test
    void eachFurtherRoundDigestsTheDigestBeforeItAndTheData() throws Exception {
        byte[] first = HexFormat.of().parseHex(sha256("abc".getBytes(UTF_8)));
        byte[] second = new byte[first.length + 3];
        System.arraycopy(first, 0, second, 0, first.length);
        System.arraycopy("abc".getBytes(UTF_8), 0, second, first.length, 3);

        assertThat(digestData.run(data("abc", null, null, 2), context).digest())
                .isEqualTo(sha256(second));
    }

    @Test
    void aFileLargerThanAChunkIsDigestedWhole() throws Exception {
        byte[] content = "0123456789".repeat(20_000).getBytes(UTF_8);
        Files.write(root.resolve("big"), content);

        var result = digestData.run(data(null, null, "big", 1), context);

        assertThat(result.digest()).isEqualTo(sha256(content));
        assertThat(result.bytes()).isEqualTo(content.length);
    }

    @Test
    void withoutDataAMebibyteOfAFixedPatternIsDigested() throws Exception {
        assertThat(digestData.run(data(null, null, null, 1), context).bytes()).isEqualTo(1 << 20);
    }

    @Test
    void twoSourcesOfDataExcludeEachOther() {
        assertThatThrownBy(() -> data("a", "Yg==", null, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exclude each other");
    }

    @Test
    void anUnknownAlgorithmIsNamedWithTheKnownOnes() {
        assertThatThrownBy(() -> new DigestDataHandler.Request("a", null, null, "ROT13", 1))
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("ROT13");
    }

    @Test
    void aCancelledDigestStopsAtTheNextCheckpoint() {
        try (AttemptContext cancelled = new AttemptContext().cancelledAtCheckpoint(2)) {
            assertThatThrownBy(
                            () -> digestData.run(data("abc", null, null, 1_000_000_000), cancelled))
                    .isInstanceOf(TaskCancelledException.class);
        }
    }

    @Test
    void equalTreesHaveEqualDigestsAndARenamedFileChangesThem() throws Exception {
        Files.createDirectories(root.resolve("a/sub"));
        Files.createDirectories(root.resolve("b/sub"));
        for (String tree : List.of("a", "b")) {
            Files.writeString(root.resolve(tree + "/one"), "1");
            Files.writeString(root.resolve(tree + "/sub/two"), "22");
        }

        var first = digestTree.run(tree("a"), context);
        var second = digestTree.run(tree("b"), context);
        assertThat(first).isEqualTo(second);
        assertThat(first.files()).isEqualTo(2);
        assertThat(first.folders()).isEqualTo(2);
        assertThat(first.bytes()).isEqualTo(3);

        Files.move(root.resolve("b/one"), root.resolve("b/uno"));
        assertThat(digestTree.run(tree("b"), context).digest()).isNotEqualTo(first.digest());
    }

    @Test
    void aTreeOutsideOfTheRootsIsRefused() {
        assertThatThrownBy(() -> digestTree.run(tree("/proc/self"), context))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void aTreeWithTooManyFilesFails() throws Exception {
        for (int i = 0; i < 4; i++) Files.writeString(root.resolve("f" + i), "x");

        assertThatThrownBy(() ->
                        digestTree.run(new DigestTreeHandler.Request(".", "SHA-256", 3), context))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("maxFiles = 3");
    }

    @Test
    void aCollectionTellsWhatItBrought() {
        MemoryMetrics pool = new MemoryMetrics(100, 40, 60, 0, 0, 0, 60, OptionalDouble.of(0), 3);
        context.withPool(
                new CollectionReport(
                        16, 8, Duration.ofNanos(2_500), Duration.ofNanos(1_500), pool));

        var result =
                new PoolCollectionHandler().run(new PoolCollectionHandler.Request(true), context);

        assertThat(result.reclaimedBytes()).isEqualTo(16);
        assertThat(result.movedBytes()).isEqualTo(8);
        assertThat(result.micros()).isEqualTo(2.5);
        assertThat(result.usedBytes()).isEqualTo(40);
    }

    private static DigestTreeHandler.Request tree(String path) {
        return new DigestTreeHandler.Request(path, "SHA-256", 100);
    }

    private static DigestDataHandler.Request data(
            @org.jspecify.annotations.Nullable String text,
            @org.jspecify.annotations.Nullable String base64,
            @org.jspecify.annotations.Nullable String file,
            int rounds) {
        return new DigestDataHandler.Request(text, base64, file, "SHA-256", rounds);
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
