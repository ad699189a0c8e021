// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskStore;

/**
 * Random bits of the file and of its log are flipped. A store that then opens, says that it is well
 * and answers a task must answer what was written; a task that is missing must be missed by the
 * check of the whole file as well.
 */
class BitFlipTest {

    private static final long SEED = Seed.ofTest();
    private static final int FLIPS = Extent.of("flips", 24, 3000);

    /** A log of fewer bytes has too few commits for damage among them. */
    private static final int LOG_BYTES = 64 << 10;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Progress progress = new Progress();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path temporary;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void flipped_bits_are_found_or_harmless_and_never_change_what_a_task_holds() throws Exception {
        Path stopped = Files.createDirectory(temporary.resolve("stopped"));
        Path running = temporary.resolve("running");
        write(stopped, running);
        Acknowledged acknowledged = Acknowledged.of(stopped.resolve(AckLog.NAME));
        Path victim = temporary.resolve("victim");
        for (int i = 0; i < FLIPS; i++) {
            boolean log = i % 3 == 2;
            Folders.copy(i % 3 == 0 ? stopped : running, victim);
            Path file = victim.resolve(log ? StoreUnderTest.LOG : StoreUnderTest.FILE);
            String what = flip(file);
            List<String> faults = faults(victim, acknowledged);
            String outcome = outcome(victim, faults);
            outcomes.merge((log ? "log: " : "file: ") + outcome, 1, Integer::sum);
            assertThat(outcome)
                    .as("seed %d, flip %d, %s: %s", SEED, i, what, faults)
                    .isNotEqualTo("wrong")
                    .isNotEqualTo("lost without a sign");
            Folders.delete(victim);
            int flipped = i + 1;
            progress.at(() -> flipped + " flips: " + outcomes);
        }
        System.out.println("flipped bits, seed " + SEED + ": " + outcomes);
    }

    /** A store with some tasks, as it is after a stop, and as its files are while it is open. */
    private void write(Path stopped, Path running) throws Exception {
        try (AckLog acks = new AckLog(stopped)) {
            TaskStore store = StoreUnderTest.open(stopped, InstantSource.system(), true);
            boolean whole = false;
            for (int tries = 0; !whole; tries++) {
                assertThat(tries).as("copies of an open store, none of one moment").isLessThan(20);
                AtomicInteger rounds = new AtomicInteger(60);
                Workload.run(store, acks, SEED + tries, 2, () -> rounds.getAndDecrement() > 0);
                // Damage to the last commit cannot be told from one that was not finished.
                store.acquire(StoreUnderTest.KEPT, StoreUnderTest.HOST, Duration.ofMinutes(1));
                Folders.copy(stopped, running);
                whole = isOfOneMoment(running);
                if (!whole) {
                    Folders.delete(running);
                }
            }
            store.close();
        }
    }

    /* A store that has nothing to do empties its log, perhaps between the copies of its files. */
    private boolean isOfOneMoment(Path copy) throws IOException {
        if (Files.size(copy.resolve(StoreUnderTest.LOG)) < LOG_BYTES) {
            return false;
        }
        Path probe = temporary.resolve("probe");
        Folders.copy(copy, probe);
        boolean sound = faults(probe, Acknowledged.of(copy.resolve(AckLog.NAME))).isEmpty();
        Folders.delete(probe);
        return sound;
    }

    private String flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        StringBuilder where = new StringBuilder(file.getFileName().toString());
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            int at = random.nextInt(bytes.length);
            int bit = random.nextInt(8);
            bytes[at] ^= (byte) (1 << bit);
            where.append(" %d.%d".formatted(at, bit));
        }
        Files.write(file, bytes);
        return where.toString();
    }

    private List<String> faults(Path victim, Acknowledged acknowledged) throws IOException {
        String before = health(victim);
        if (!before.isEmpty()) {
            return List.of("told: " + before);
        }
        return ImageCheck.faults(victim, acknowledged);
    }

    /** What the store says of itself once it has looked; empty: it is well. */
    private static String health(Path victim) {
        try (TaskStore store = StoreUnderTest.open(victim, InstantSource.system(), true)) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (store.health().status() == HealthStatus.CHECKING) {
                assertThat(System.nanoTime()).as("the check ends").isLessThan(end);
                LockSupport.parkNanos(1_000_000);
            }
            return store.health().status() == HealthStatus.HEALTHY ? "" : store.health().toString();
        } catch (StoreException e) {
            return e.reason() + ": " + e.getMessage();
        }
    }

    private static String outcome(Path victim, List<String> faults) {
        if (faults.stream().anyMatch(fault -> fault.startsWith("wrong content"))) {
            return "wrong";
        }
        if (faults.stream().anyMatch(BitFlipTest::isSign)) {
            return "found";
        }
        if (faults.stream().anyMatch(fault -> fault.startsWith("lost"))) {
            return "ok".equals(StoreUnderTest.integrity(victim)) ? "lost without a sign" : "found";
        }
        return faults.isEmpty() ? "harmless" : "another state";
    }

    private static boolean isSign(String fault) {
        return fault.startsWith("told")
                || fault.startsWith("unreadable")
                || fault.startsWith("will not open")
                || fault.startsWith("not sound");
    }
}
