// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child with 32 producers is recorded; what the disk may hold after a loss of power at random
 * points of the record is opened and compared with what was acknowledged until then. {@code
 * -Dtest.seed=N} repeats a run as far as threads can be repeated. {@code -Dtest.long=true} takes
 * many; {@code -Dtest.seeds}, {@code -Dtest.images} (of each seed) and {@code -Dtest.controls} say
 * how many.
 */
class PowerLossTest {

    private static final long SEED = Seed.ofTest();
    private static final int SEEDS = Extent.of("seeds", 1, 100);
    private static final int IMAGES = Extent.of("images", 20, 100);
    private static final int NOTES = Extent.of("notes", 4_000, 4_000);
    private static final int CONTROLS = Extent.of("controls", 1, 10);

    /** One in so many calls to synchronise does nothing. */
    private static final int DROPPED = 4;

    private static final int NOTHING_DROPPED = 0;
    private static final int PRODUCERS = 32;

    private final Progress progress = new Progress();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path temporary;

    @Test
    void nothing_acknowledged_is_lost_or_run_again_wherever_the_power_fails() throws Exception {
        Verdict verdict = new Verdict();
        for (long seed = SEED; seed < SEED + SEEDS; seed++) {
            List<TraceRecord> trace = record(seed, true);
            requireLandmarks(Landmarks.of(trace));
            check(trace, seed, IMAGES, NOTHING_DROPPED, verdict);
        }
        System.out.println("power loss, seed " + SEED + ": " + verdict);
        assertThat(verdict.faulty()).as(verdict.toString()).isZero();
        assertThat(verdict.promises()).isPositive();
    }

    /** A harness that cannot fail proves nothing. */
    @Test
    void the_same_images_show_losses_when_commits_are_not_synchronised() throws Exception {
        for (long seed = SEED; seed < SEED + CONTROLS; seed++) {
            Verdict verdict = new Verdict();
            check(record(seed, false), seed, 20, NOTHING_DROPPED, verdict);
            System.out.println("control without synchronising, seed " + seed + ": " + verdict);
            requireLosses(verdict);
        }
    }

    /** The store synchronises, but now and then the disk does nothing about it. */
    @Test
    @EnabledIfSystemProperty(named = "test.long", matches = "true")
    void the_same_images_show_losses_when_a_disk_skips_some_synchronising() throws Exception {
        for (long seed = SEED; seed < SEED + CONTROLS; seed++) {
            Verdict verdict = new Verdict();
            check(record(seed, true), seed, 100, DROPPED, verdict);
            System.out.println(
                    "control, 1 in %d synchronisations dropped, seed %d: %s"
                            .formatted(DROPPED, seed, verdict));
            requireLosses(verdict);
        }
    }

    private static void requireLandmarks(Landmarks landmarks) {
        assertThat(landmarks.checkpoints()).as("checkpoints").isNotEmpty();
        assertThat(landmarks.restarts()).as("logs begun anew").isPositive();
        assertThat(landmarks.pruned()).as("pruned tasks").isPositive();
    }

    private static void requireLosses(Verdict verdict) {
        assertThat(verdict.faulty()).as(verdict.toString()).isPositive();
        assertThat(verdict.count("lost") + verdict.count("will not open"))
                .as(verdict.toString())
                .isPositive();
    }

    private List<TraceRecord> record(long seed, boolean synchronised) throws Exception {
        Path library = FaultsLibrary.build(temporary);
        Path data = Files.createDirectory(temporary.resolve("data"));
        Path trace = temporary.resolve("trace");
        Map<String, String> environment =
                new HashMap<>(ChildJvm.watched(library, data.toRealPath(), ""));
        environment.put("FAULTS_TRACE", trace.toString());
        try (ChildJvm child =
                ChildJvm.start(
                        temporary.resolve("output"),
                        environment,
                        Workload.class,
                        data,
                        seed,
                        NOTES,
                        PRODUCERS,
                        synchronised,
                        // A copied log is synchronised even then, which would hide losses.
                        synchronised ? StoreUnderTest.SMALL_LOG : StoreUnderTest.USUAL_LOG)) {
            assertThat(child.await()).as(child.output()).isZero();
            assertThat(child.output()).contains("refused");
        }
        List<TraceRecord> records = Trace.read(trace);
        Files.delete(trace);
        Folders.delete(data);
        return records;
    }

    private void check(List<TraceRecord> trace, long seed, int images, int dropped, Verdict verdict)
            throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Landmarks landmarks = Landmarks.of(trace);
        int[] points =
                IntStream.range(0, images)
                        .map(image -> point(trace.size(), landmarks, image, random))
                        .sorted()
                        .toArray();
        SimulatedDisk disk = new SimulatedDisk();
        Acknowledged acknowledged = new Acknowledged();
        int at = 0;
        for (int i = 0; i < images; i++) {
            for (; at < points[i]; at++) {
                TraceRecord record = trace.get(at);
                if (record.path().equals(AckLog.NAME)) {
                    acknowledged.add(record.data());
                } else if (dropped == NOTHING_DROPPED
                        || record.kind() != TraceRecord.Kind.SYNC
                        || random.nextInt(dropped) > 0) {
                    disk.apply(record);
                }
            }
            PowerLoss mode = PowerLoss.ALL.get(i % PowerLoss.ALL.size());
            Path image = temporary.resolve("image");
            disk.writeImage(image, mode, random);
            verdict.add(
                    "seed " + seed + ", image " + i + " after call " + at + ", " + mode,
                    acknowledged.promises().size(),
                    ImageCheck.faults(image, acknowledged));
            Folders.delete(image);
            progress.at(() -> "power loss, seed " + seed + " of " + SEED + "+: " + verdict);
        }
    }

    /* One in four is amid a checkpoint, if there is any. */
    private static int point(int calls, Landmarks landmarks, int image, SplittableRandom random) {
        List<Landmarks.Range> checkpoints = landmarks.checkpoints();
        if (image % 4 != 0 || checkpoints.isEmpty()) {
            return random.nextInt(landmarks.first() + 1, calls + 1);
        }
        Landmarks.Range amid = checkpoints.get(random.nextInt(checkpoints.size()));
        return random.nextInt(amid.from(), amid.to() + 1);
    }
}
