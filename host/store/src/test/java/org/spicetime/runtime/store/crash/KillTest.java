// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL under 32 producers: at random moments, and exactly at the n-th call. With {@code
 * -Dtest.long=true} at each of the first {@code -Dtest.calls} writes and synchronisations, and
 * {@code -Dtest.kills} times; {@code -Dtest.rule=fsync:17:kill-after} repeats one.
 */
class KillTest {

    private static final long SEED = Seed.ofTest();
    private static final int KILLS = Extent.of("kills", 3, 25);

    /** In the long form each call up to this one is a moment to die. */
    private static final int CALLS = Extent.of("calls", 0, 100);

    private static final int FOR_EVER = Integer.MAX_VALUE;
    private static final int PRODUCERS = 32;

    private final Progress progress = new Progress();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path temporary;

    @Test
    void a_store_that_is_killed_again_and_again_keeps_all_it_acknowledged() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Path data = Files.createDirectory(temporary.resolve("data"));
        Verdict verdict = new Verdict();
        for (int kill = 0; kill < KILLS; kill++) {
            long enough = size(data) + AckLog.NOTE * random.nextLong(1, 6000);
            try (ChildJvm child =
                    ChildJvm.start(
                            temporary.resolve("output"),
                            Map.of(),
                            Workload.class,
                            data,
                            SEED + kill,
                            FOR_EVER,
                            PRODUCERS,
                            true,
                            StoreUnderTest.SMALL_LOG)) {
                while (size(data) < enough) {
                    assertThat(child.ended(2, TimeUnit.MILLISECONDS)).as(child.output()).isFalse();
                }
                child.kill();
                assertThat(child.await()).isEqualTo(ChildJvm.KILLED);
            }
            check("kill " + kill, data, verdict);
            int killed = kill + 1;
            progress.at(() -> killed + " kills: " + verdict);
        }
        System.out.println("kill -9, seed " + SEED + ": " + verdict);
        assertThat(verdict.faulty()).as(verdict.toString()).isZero();
    }

    @Test
    void a_store_that_is_killed_at_the_n_th_call_keeps_all_it_acknowledged() throws Exception {
        Path library = FaultsLibrary.build(temporary);
        Verdict verdict = new Verdict();
        List<String> rules = rules();
        for (int i = 0; i < rules.size(); i++) {
            String rule = rules.get(i);
            Path data = Files.createDirectory(temporary.resolve("data-" + i)).toRealPath();
            try (ChildJvm child =
                    ChildJvm.start(
                            temporary.resolve("output"),
                            ChildJvm.watched(library, data, rule),
                            Workload.class,
                            data,
                            SEED + i,
                            FOR_EVER,
                            PRODUCERS,
                            true,
                            StoreUnderTest.SMALL_LOG)) {
                assertThat(child.await())
                        .as(rule + "\n" + child.output())
                        .isEqualTo(ChildJvm.KILLED);
            }
            check(rule, data, verdict);
            progress.at(() -> "killed at " + rule + ": " + verdict);
            Folders.delete(data);
        }
        System.out.println("killed at a call, seed " + SEED + ": " + verdict);
        assertThat(verdict.faulty()).as(verdict.toString()).isZero();
    }

    private static List<String> rules() {
        String asked = System.getProperty("test.rule", "");
        if (!asked.isBlank()) {
            return List.of(asked);
        }
        SplittableRandom random = new SplittableRandom(SEED);
        int each = Math.max(1, CALLS);
        return IntStream.range(0, 4 * each)
                .mapToObj(i ->
                        (i % 2 == 0 ? "write:" : "fsync:")
                                + (CALLS > 0 ? i / 4 + 1 : random.nextInt(5, 51))
                                + (i / 2 % 2 == 0 ? ":kill-before" : ":kill-after"))
                .toList();
    }

    private static void check(String what, Path data, Verdict verdict) throws IOException {
        Path log = data.resolve(AckLog.NAME);
        Acknowledged acknowledged = Files.exists(log) ? Acknowledged.of(log) : new Acknowledged();
        verdict.add(what, acknowledged.promises().size(), ImageCheck.faults(data, acknowledged));
    }

    private static long size(Path data) throws IOException {
        Path log = data.resolve(AckLog.NAME);
        return Files.exists(log) ? Files.size(log) : 0;
    }
}
