// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

class MeasurementTest {
    private static final String FRAMES =
            "subscription($ids: [ID!], $interval: Int! = 1000) { domainMetrics(domainIds: $ids,"
                    + " interval: $interval) { timestamp elapsed samples { domainId running } } }";
    private static final String HISTORY =
            "query($from: DateTime, $to: DateTime, $resolution: Int) { domain(id:"
                    + " \"ethical-scoring\") { history(from: $from, to: $to, resolution: $resolution)"
                    + " { timestamp running } } }";

    private final Bench bench = new Bench();
    private final FakeDomain ethics = bench.host.domain("ethical-scoring");

    @AfterEach
    void close() {
        bench.close();
    }

    private Probe subscribe(String query, Map<String, @Nullable Object> variables) {
        Probe probe = new Probe();
        ((Outcome.Stream) bench.ask(query, variables)).responses().subscribe(probe);
        return probe;
    }

    @Test
    void aFrameComesAtOnceAndOneWithEveryTick() {
        Probe probe = subscribe(FRAMES, Map.of("interval", 250));
        probe.request(10);
        Map<String, ?> first = probe.next();
        assertThat(at(first, "data.domainMetrics.elapsed")).isNull();
        assertThat((List<?>) at(first, "data.domainMetrics.samples")).hasSize(2);
        assertThat(bench.ticks.intervals).containsExactly(Duration.ofMillis(250));
        probe.expectNothing();
        bench.host.add("later");
        bench.ticks.tick();
        Map<String, ?> second = probe.next();
        assertThat(at(second, "data.domainMetrics.elapsed")).isInstanceOf(Integer.class);
        assertThat((List<?>) at(second, "data.domainMetrics.samples")).hasSize(3);
        probe.cancel();
        assertThat(bench.ticks.count()).isZero();
    }

    @Test
    void theLayoutOfAPoolIsTold() {
        ethics.put(ethics.task(TaskRequest.of(TaskType.IO).build(), TaskPhase.READY));
        Object map =
                bench.data(
                        "{ domain(id: \"ethical-scoring\") { memoryMap { timestamp zones { index size used"
                                + " blocks largestFree allocator draining } topOwners(first: 2) { task { id }"
                                + " bytes blocks } overduePins { taskId size since } } } }");
        String zone = "domain.memoryMap.zones.1.";
        assertThat(at(map, zone + "allocator")).isEqualTo("BUDDY");
        assertThat(at(map, zone + "draining")).isEqualTo(true);
        assertThat(at(map, zone + "largestFree")).isEqualTo(1L << 19);
        String owner = "domain.memoryMap.topOwners.0.";
        assertThat(at(map, owner + "blocks")).isEqualTo(Integer.MAX_VALUE);
        assertThat(at(map, "domain.memoryMap.topOwners.1.task")).isNull();
        assertThat(at(map, owner + "task.id"))
                .isEqualTo(at(map, "domain.memoryMap.overduePins.0.taskId"));
    }

    @Test
    void onlySoManyOwnersAreTold() {
        Map<String, Object> error =
                bench.error(
                        "{ domain(id: \"ethical-scoring\") { memoryMap { topOwners(first: 501) { bytes } } } }",
                        Map.of());
        assertThat(extensions(error))
                .containsEntry("code", "BAD_USER_INPUT")
                .containsEntry("field", "first");
    }

    @Test
    void aSlowReaderSkipsFramesAndGetsANewOne() {
        Probe probe = subscribe(FRAMES, Map.of());
        probe.request(1);
        probe.next();
        for (int i = 0; i < 100; i++) bench.ticks.tick();
        probe.request(10);
        probe.next();
        probe.expectNothing();
    }

    @Test
    void theDomainsNamedAreToldUntilTheLastIsGone() {
        Probe probe =
                subscribe(FRAMES, Map.of("ids", List.of("ethical-scoring", "content-processing")));
        probe.request(10);
        assertThat(at(probe.next(), "data.domainMetrics.samples.0.domainId"))
                .isEqualTo("content-processing");
        bench.host.remove("content-processing");
        bench.ticks.tick();
        assertThat((List<?>) at(probe.next(), "data.domainMetrics.samples")).hasSize(1);
        bench.host.remove("ethical-scoring");
        bench.ticks.tick();
        probe.awaitCompletion();
        assertThat(bench.ticks.count()).isZero();
    }

    @Test
    void paceAndNumberOfDomainsAreBounded() {
        assertThat(extensions(bench.error(FRAMES, Map.of("interval", 249))))
                .containsEntry("field", "interval");
        assertThat(extensions(bench.error(FRAMES, Map.of("interval", Integer.MAX_VALUE))))
                .containsEntry("field", "interval");
        assertThat(extensions(bench.error(FRAMES, Map.of("ids", List.of()))))
                .containsEntry("field", "domainIds");
        assertThat(extensions(bench.error(FRAMES, Map.of("ids", List.of("nobody")))))
                .containsEntry("code", "NOT_FOUND");
        assertThat(
                        extensions(
                                bench.error(
                                        "subscription { hostMetrics(interval: 999) { timestamp } }")))
                .containsEntry("field", "interval");
    }

    @Test
    void whatCannotBeMeasuredEndsTheStreamWithTheError() {
        Probe probe = subscribe(FRAMES, Map.of());
        probe.request(10);
        probe.next();
        ethics.defect = new IllegalStateException("broken sensor");
        bench.ticks.tick();
        Map<String, ?> last = probe.next();
        assertThat(at(last, "errors.0.extensions.code")).isEqualTo("INTERNAL_SERVER_ERROR");
        assertThat(last.toString()).doesNotContain("broken sensor");
        probe.awaitCompletion();
    }

    @Test
    void theHostIsToldAtItsOwnPace() {
        Probe probe = subscribe("subscription { hostMetrics { heapUsed cpuUsage } }", Map.of());
        probe.request(10);
        probe.next();
        bench.ticks.tick();
        assertThat(at(probe.next(), "data.hostMetrics.heapUsed")).isNotNull();
        assertThat(bench.ticks.intervals).containsExactly(Duration.ofSeconds(2));
        assertThat(
                        at(
                                bench.data("{ host { name metrics { fileSystems { purpose } } } }"),
                                "host.name"))
                .isEqualTo("machine");
    }

    @Test
    void theTimelineTellsWhoRanWhenAndWhyEachSliceEnded() {
        String query =
                "query($from: DateTime, $to: DateTime, $first: Int! = 200) { domain(id:"
                        + " \"ethical-scoring\") { timeline(from: $from, to: $to, first: $first)"
                        + " { taskId worker start length end } } }";
        Map<String, ?> plain = bench.data(query, Map.of());
        assertThat(ethics.asked.getLast()).isEqualTo("timeline null null 200");
        assertThat(at(plain, "domain.timeline.0.end")).isEqualTo("RUNNING");
        assertThat(at(plain, "domain.timeline.0.worker")).isEqualTo(1);
        assertThat(at(plain, "domain.timeline.0.length")).isEqualTo(2_000_000);
        assertThat(at(plain, "domain.timeline.1.end")).isEqualTo("PREEMPTED");
        assertThat(at(plain, "domain.timeline.1.length")).isEqualTo(1);
        assertThat(at(plain, "domain.timeline.1.taskId"))
                .isEqualTo(TaskId.of(FakeDomain.CREATED, new Random(1)).toString());
        bench.data(
                query,
                Map.of("from", "2026-01-01T00:00:00Z", "to", "2026-01-01T00:00:10Z", "first", 900));
        assertThat(ethics.asked.getLast())
                .isEqualTo("timeline 2026-01-01T00:00:00Z 2026-01-01T00:00:10Z 900");
    }

    @Test
    void historyIsAskedForInAboutAHundredPoints() {
        bench.data(HISTORY, Map.of());
        String asked = Objects.requireNonNull(ethics.asked.getLast());
        String[] parts = asked.split(" ");
        assertThat(Duration.between(Instant.parse(parts[1]), Instant.parse(parts[2])))
                .isEqualTo(Duration.ofHours(1));
        assertThat(parts[3]).isEqualTo("PT30S");
        bench.data(HISTORY, Map.of("from", "2026-01-01T00:00:00Z", "to", "2026-01-01T00:00:10Z"));
        assertThat(ethics.asked.getLast())
                .isEqualTo("samples 2026-01-01T00:00:00Z 2026-01-01T00:00:10Z PT1S");
        bench.data(HISTORY, Map.of("resolution", 60_000));
        assertThat(ethics.asked.getLast()).endsWith(" PT1M");
    }

    @Test
    void aSpanThatCannotBeIsRefused() {
        assertThat(
                        extensions(
                                bench.error(
                                        HISTORY,
                                        Map.of(
                                                "from", "2026-01-01T00:00:01Z",
                                                "to", "2026-01-01T00:00:00Z"))))
                .containsEntry("field", "from");
        assertThat(extensions(bench.error(HISTORY, Map.of("resolution", 0))))
                .containsEntry("field", "resolution");
        assertThat(ethics.asked).isEmpty();
    }

    @Test
    void reservationsAreReleasedAllOrTheOnesNamed() {
        bench.data("mutation { releaseResources(domainId: \"ethical-scoring\") { id } }");
        bench.data(
                "mutation { releaseResources(domainId: \"ethical-scoring\", resources: [MEMORY])"
                        + " { allocation { id } } }");
        assertThat(ethics.asked)
                .containsExactly("release [CPU, MEMORY, NETWORK, STORAGE]", "release [MEMORY]");
    }
}
