// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.MetricsSample;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.StoredSamples;

final class MetricsHistoryTest {
    private static final DomainId DOMAIN = DomainId.of("measured");
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final HistoryBudget budget = new HistoryBudget(64L << 20);
    private final MetricsHistory history = new MetricsHistory(DOMAIN, budget);

    @Test
    void theLastHourIsThereToTheSecond() {
        fill(history, 3700);
        List<MetricsSample> found = history.between(at(100), at(3699), SECOND);
        assertThat(found).hasSize(3600);
        assertThat(found.getFirst()).isEqualTo(sample(100));
        assertThat(found.getLast()).isEqualTo(sample(3699));
    }

    @Test
    void theLastDayIsThereToTenSecondsAndTheLastHourStaysFine() {
        int day = 24 * 3600;
        fill(history, day + 100);
        List<MetricsSample> old = history.between(at(110), at(2109), SECOND);
        assertThat(old).hasSize(200);
        MetricsSample first = old.getFirst();
        assertThat(first.timestamp()).isEqualTo(at(119));
        assertThat(first.running()).as("mean of 110 .. 119").isEqualTo(115);
        assertThat(first.memoryUsedBytes()).as("the last").isEqualTo(119_000);
        assertThat(first.deadlineMisses()).as("their sum").hasValue(10);
        assertThat(first.schedulingLatencyP99()).as("the largest").hasValue(119);
        assertThat(history.between(at(day), at(day + 99), SECOND)).hasSize(100);
    }

    @Test
    void aCoarserResolutionMergesAndASpanOverBothPartsHasNoGapAndNoOverlap() {
        fill(history, 10_000);
        List<MetricsSample> found = history.between(at(0), at(9999), Duration.ofSeconds(100));
        assertThat(found).hasSize(100);
        assertThat(found.stream().mapToLong(point -> point.deadlineMisses().orElseThrow()).sum())
                .as("each sample is counted once")
                .isEqualTo(10_000);
    }

    @Test
    void whatWasNotMeasuredIsAbsentAndATimeWithoutSamplesHasNoPoint() {
        history.add(unmeasured(0));
        history.add(unmeasured(500));
        List<MetricsSample> found = history.between(at(-1000), at(1000), Duration.ofSeconds(10));
        assertThat(found).containsExactly(unmeasured(0), unmeasured(500));
        assertThat(found.getFirst().cpuUsage()).isEmpty();
        assertThat(found.getFirst().deadlineMisses()).isEmpty();
        assertThat(history.between(at(1), at(499), SECOND)).isEmpty();
    }

    @Test
    void whatWasKeptIsThereInTheNextRunAndTheTimeBetweenIsEmpty() {
        Map<Instant, StoredSamples> fine = new TreeMap<>();
        Map<Instant, StoredSamples> coarse = new TreeMap<>();
        for (int second = 0; second < 7250; second++) {
            history.add(sample(second));
            keep(history.blocks(false), fine, coarse);
        }
        int whole = fine.size() + coarse.size();
        assertThat(whole).as("blocks while it ran").isEqualTo(120 + 12);
        keep(history.blocks(true), fine, coarse);
        assertThat(fine.size() + coarse.size()).isEqualTo(whole + 2);

        MetricsHistory next = new MetricsHistory(DOMAIN, budget);
        next.restore(List.copyOf(fine.values()), List.copyOf(coarse.values()), at(8000));
        next.add(sample(8000));
        assertThat(next.between(at(4400), at(8000), SECOND))
                .as("the hour before now to the second")
                .containsExactlyElementsOf(
                        IntStream.concat(IntStream.range(4400, 7250), IntStream.of(8000))
                                .mapToObj(MetricsHistoryTest::sample)
                                .toList());
        assertThat(next.between(at(7250), at(7999), SECOND)).isEmpty();
        assertThat(next.between(at(0), at(4399), SECOND).getFirst().timestamp()).isEqualTo(at(9));
    }

    @Test
    void damagedAndFutureMeasurementsAreLeftOut() {
        history.add(sample(10));
        history.add(sample(500));
        List<StoredSamples> kept = new ArrayList<>(history.blocks(true));
        StoredSamples good = kept.getFirst();
        byte[] bytes = good.bytes();
        bytes[bytes.length - 1] ^= 1;
        StoredSamples damaged =
                new StoredSamples(
                        good.resolution(), good.start().minusSeconds(60), good.keptFor(), bytes);
        MetricsHistory next = new MetricsHistory(DOMAIN, budget);
        List<StoredSamples> fine =
                kept.stream()
                        .filter(block -> block.resolution().equals(MetricsHistory.FINE_STEP))
                        .toList();
        next.restore(Stream.concat(Stream.of(damaged), fine.stream()).toList(), List.of(), at(20));
        next.add(sample(21));
        assertThat(next.between(at(-100), at(600), SECOND)).containsExactly(sample(10), sample(21));
    }

    private static void keep(
            List<StoredSamples> blocks,
            Map<Instant, StoredSamples> fine,
            Map<Instant, StoredSamples> coarse) {
        for (StoredSamples block : blocks) {
            boolean second = block.resolution().equals(MetricsHistory.FINE_STEP);
            (second ? fine : coarse).put(block.start(), block);
        }
    }

    @Test
    void aClockThatGoesBackLeavesTheOrderIntact() {
        history.add(sample(10));
        history.add(sample(5));
        history.add(sample(10));
        history.add(sample(11));
        assertThat(history.between(at(0), at(20), SECOND)).containsExactly(sample(10), sample(11));
    }

    @Test
    void withoutMoreMemoryTheOldestSamplesGoFirst() {
        HistoryBudget tight = new HistoryBudget(4L * SampleBlock.BYTES);
        MetricsHistory small = new MetricsHistory(DOMAIN, tight);
        MetricsHistory smaller = new MetricsHistory(DomainId.of("other"), tight);
        fill(small, 20_000);
        fill(smaller, 20_000);
        assertThat(tight.takenBytes()).isEqualTo(6L * SampleBlock.BYTES);
        for (MetricsHistory each : List.of(small, smaller)) {
            assertThat(each.between(at(19_990), at(19_999), SECOND)).hasSize(10);
            assertThat(each.between(at(0), at(1000), SECOND)).isEmpty();
        }
        small.close();
        smaller.close();
        assertThat(tight.takenBytes()).isZero();
    }

    @Test
    void nothingIsKeptAfterItsEnd() {
        history.add(sample(0));
        history.close();
        history.add(sample(1));
        assertThat(history.between(at(0), at(10), SECOND)).isEmpty();
        assertThat(budget.takenBytes()).isZero();
    }

    @Test
    void anAnswerIsBounded() {
        assertThat(history.between(at(0), at(4999), SECOND)).isEmpty();
        refused(at(0), at(5000), SECOND, "resolution");
        refused(at(0), at(1), Duration.ofMillis(999), "resolution");
        refused(at(1), at(0), SECOND, "to");
        assertThat(history.between(Instant.MIN, Instant.MAX, Duration.ofSeconds(Long.MAX_VALUE)))
                .isEmpty();
    }

    private void refused(Instant from, Instant to, Duration resolution, String field) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> history.between(from, to, resolution))
                .satisfies(refused -> assertThat(refused.details()).containsEntry("field", field));
    }

    @Test
    void anySpanAnswersWhatAListOfSamplesWould(TestReporter reporter) {
        String given = System.getProperty("test.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        reporter.publishEntry("test.seed", Long.toString(seed));
        Random random = new Random(seed);
        List<MetricsSample> all = new ArrayList<>();
        for (int second = 0; all.size() < 3000; second += 1 + random.nextInt(3)) {
            MetricsSample sample = random.nextInt(10) == 0 ? unmeasured(second) : sample(second);
            all.add(sample);
            history.add(sample);
        }
        for (int query = 0; query < 200; query++) {
            Instant from = at(random.nextInt(6000) - 100);
            Instant to = from.plusSeconds(random.nextInt(4000));
            assertThat(history.between(from, to, SECOND))
                    .as("seed %d, %s .. %s", seed, from, to)
                    .isEqualTo(
                            all.stream()
                                    .filter(one -> !one.timestamp().isBefore(from))
                                    .filter(one -> !one.timestamp().isAfter(to))
                                    .toList());
        }
    }

    private static void fill(MetricsHistory into, int seconds) {
        for (int second = 0; second < seconds; second++) {
            into.add(sample(second));
        }
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }

    private static MetricsSample sample(int second) {
        OptionalDouble value = OptionalDouble.of(second);
        return new MetricsSample(
                DOMAIN,
                at(second),
                OptionalDouble.of(0.5),
                second,
                2 * second,
                1000L * second,
                1,
                0,
                OptionalDouble.empty(),
                value,
                OptionalDouble.empty(),
                value,
                value,
                value,
                value,
                OptionalLong.of(1),
                OptionalLong.of(second));
    }

    private static MetricsSample unmeasured(int second) {
        OptionalDouble none = OptionalDouble.empty();
        return new MetricsSample(
                DOMAIN,
                at(second),
                none,
                0,
                0,
                0,
                0,
                0,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                OptionalLong.empty(),
                OptionalLong.empty());
    }
}
