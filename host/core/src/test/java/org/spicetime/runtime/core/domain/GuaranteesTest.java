// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.ScheduleAnalysis;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;
import org.spicetime.runtime.api.scheduler.AdmissionMode;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulabilityTest;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.TaskDemand;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.scheduler.analysis.EarliestDeadlineTest;
import org.spicetime.runtime.api.scheduler.analysis.FixedPriorityTest;
import org.spicetime.runtime.api.task.TaskRequest;

/** Admission of what can be guaranteed, and what is told of the rest. */
@Timeout(60)
final class GuaranteesTest {
    private static final Instant LATER = Instant.parse("9000-01-01T00:00:00Z");

    private final TestHost host = new TestHost();

    /** A policy with a test, as the shipped ones are. */
    private record Analysed(
            String name, KeyedPolicy policy, boolean byDeadline, SchedulabilityTest test)
            implements SchedulingPolicyFactory {
        @Override
        public PolicyDescriptor descriptor() {
            return new PolicyDescriptor(
                    name,
                    "1.0.0",
                    "Policy of a test.",
                    Ordering.STRICT,
                    true,
                    byDeadline,
                    Optional.empty(),
                    List.of(AdmissionMode.option(AdmissionMode.PERIODIC)));
        }

        @Override
        public Policy create(PolicyContext context, Options options) {
            return policy;
        }

        @Override
        public Optional<SchedulabilityTest> schedulabilityTest() {
            return Optional.of(test);
        }
    }

    @BeforeEach
    void deploy() {
        host.registry.addPolicy(
                new Analysed("EDF", TaskView::deadline, true, new EarliestDeadlineTest()),
                TestHost.BUNDLE);
        host.registry.addPolicy(
                new Analysed(
                        "RM",
                        TaskView::period,
                        false,
                        new FixedPriorityTest(TaskDemand::periodNanos)),
                TestHost.BUNDLE);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private Domain domain(String policy, @Nullable String admission) {
        return host.domain(
                policy.toLowerCase(Locale.ROOT),
                Map.of(
                        "scheduler",
                        Map.of(
                                "policy",
                                policy,
                                "preemption",
                                Map.of("enabled", true),
                                "parameters",
                                admission == null ? Map.of() : Map.of("admission", admission)),
                        "executor",
                        Map.of("parallelism", 1)));
    }

    private static ScheduleRequest schedule(
            String name, int run, int period, @Nullable Integer deadline) {
        return new ScheduleRequest(
                name,
                TestHost.task("nothing").estimatedDuration(Duration.ofMillis(run)).build(),
                Recurrence.every(Duration.ofMillis(period)),
                LATER,
                OverlapPolicy.SKIP,
                MisfirePolicy.RUN_ONCE,
                deadline == null ? null : Duration.ofMillis(deadline),
                false);
    }

    private static RefusedException refused(Callable<?> action) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, action::call);
        assertThat(refused).isNotNull();
        return refused;
    }

    @Test
    void edfTakesSchedulesUpToOneProcessorAndSaysWhatIsTooMuch() {
        Domain domain = domain("EDF", null);
        TestHost.get(domain.createSchedule(schedule("a", 20, 50, 50)));
        TestHost.get(domain.createSchedule(schedule("b", 40, 70, 70)));
        RefusedException overload =
                refused(() -> TestHost.get(domain.createSchedule(schedule("c", 20, 140, 140))));
        assertThat(overload.code()).isEqualTo(RuntimeErrorCode.SCHEDULER_ERROR);
        assertThat(overload)
                .hasMessageContaining("schedule \"c\" cannot be guaranteed under EDF")
                .hasMessageContaining("utilisation is 1.1143, allowed is 1");
        assertThat(overload.details())
                .containsEntry("reason", "NOT_GUARANTEED")
                .containsEntry("test", "utilisation")
                .containsEntry("limit", 1.0)
                .containsEntry("bound", 1.0);
        assertThat(domain.schedules()).extracting(Schedule::name).containsExactly("a", "b");
        ScheduleAnalysis analysis = TestHost.get(domain.analysis());
        assertThat(analysis.schedulable()).isTrue();
        assertThat(analysis.utilization()).isCloseTo(34 / 35.0, within(1e-9));
        assertThat(analysis.bound()).isEqualTo(1.0);
        assertThat(analysis.responseTimes())
                .hasSize(2)
                .allSatisfy(time -> assertThat(time.meetsDeadline()).isTrue());
        TestHost.get(domain.createSchedule(schedule("background", 1, 100, null)));
    }

    @Test
    void rateMonotonicNamesTheScheduleThatWouldBeLate() {
        Domain domain = domain("RM", null);
        TestHost.get(domain.createSchedule(schedule("fast", 26, 70, null)));
        RefusedException late =
                refused(() -> TestHost.get(domain.createSchedule(schedule("slow", 62, 100, null))));
        assertThat(late)
                .hasMessageContaining(
                        "worst-case response time of schedule \"slow\" is 118 ms, allowed is 100 ms")
                .hasMessageContaining("bound 0.8284");
        assertThat(late.details())
                .containsEntry("value", 118.0)
                .containsEntry("limit", 100.0)
                .containsEntry("unit", "ms")
                .containsEntry("of", "schedule \"slow\"");
        // The name is free, and so is the time.
        TestHost.get(domain.createSchedule(schedule("slow", 30, 100, null)));
    }

    @Test
    void aScheduleThatTellsNoRunTimeIsRefusedWhereThatMatters() {
        ScheduleRequest silent =
                ScheduleRequest.of(
                        "silent", TestHost.task("nothing").build(), Duration.ofSeconds(1));
        RefusedException refused =
                refused(() -> TestHost.get(domain("EDF", null).createSchedule(silent)));
        assertThat(refused.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
        assertThat(refused.details()).containsEntry("field", "task.estimatedDuration");
        Domain free = domain("RM", "OFF");
        TestHost.get(free.createSchedule(silent));
        ScheduleAnalysis analysis = TestHost.get(free.analysis());
        assertThat(analysis.schedulable()).isNull();
        assertThat(analysis.reason()).contains("1 schedules or tasks tell no expected run time");
    }

    @Test
    void aPeriodicTaskIsRefusedAsItsScheduleWouldBe() {
        Domain domain = domain("EDF", null);
        RefusedException refused =
                refused(() ->
                        TestHost.get(
                                domain.schedule(
                                        TestHost.task("nothing")
                                                .estimatedDuration(Duration.ofMillis(30))
                                                .relativeDeadline(Duration.ofMillis(20))
                                                .period(Duration.ofMillis(50))
                                                .build())));
        assertThat(refused).hasMessageContaining("is 30 ms, allowed is 20 ms");
        assertThat(domain.schedules()).isEmpty();
        assertThat(domain.metrics().tasksScheduled()).isZero();
    }

    @Test
    void whoAsksForLessIsNeverRefusedAndWhoAsksForMoreIsAnalysed() {
        Domain domain = domain("EDF", "OFF");
        Schedule a = TestHost.get(domain.createSchedule(schedule("a", 40, 50, 50)));
        TestHost.get(domain.createSchedule(schedule("b", 40, 50, 50)));
        assertThat(TestHost.get(domain.analysis()).schedulable()).isFalse();
        TestHost.get(
                domain.configure(
                        TestHost.patch(
                                "scheduler", Map.of("parameters", Map.of("admission", "PERIODIC"))),
                        null));
        Schedule less = TestHost.get(domain.updateSchedule(a.id(), task(30), null));
        RefusedException more =
                refused(() -> TestHost.get(domain.updateSchedule(a.id(), task(31), null)));
        assertThat(more.details()).containsEntry("reason", "NOT_GUARANTEED");
        assertThat(domain.schedules().getFirst().task()).isEqualTo(less.task());
        assertThat(domain.schedules().getFirst().revision()).isEqualTo(less.revision());
        TestHost.get(domain.updateSchedule(a.id(), task(10), null));
        assertThat(TestHost.get(domain.analysis()).schedulable()).isTrue();
    }

    private static ScheduleUpdate task(int run) {
        return new ScheduleUpdate(
                null,
                TestHost.task("nothing").estimatedDuration(Duration.ofMillis(run)).build(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "test");
    }

    @Test
    void aChangeOfPolicyRefusesNothingAndTheAnalysisTells() {
        Domain domain = domain("EDF", null);
        TestHost.get(domain.createSchedule(schedule("a", 26, 70, 70)));
        TestHost.get(domain.createSchedule(schedule("b", 62, 100, 100)));
        assertThat(TestHost.get(domain.analysis()).schedulable()).isTrue();
        TestHost.get(domain.configure(TestHost.patch("scheduler", Map.of("policy", "RM")), null));
        assertThat(domain.schedules()).hasSize(2);
        ScheduleAnalysis analysis = TestHost.get(domain.analysis());
        assertThat(analysis.policy()).isEqualTo("RM");
        assertThat(analysis.schedulable()).isFalse();
        assertThat(analysis.responseTimes())
                .filteredOn(time -> !time.meetsDeadline())
                .singleElement()
                .satisfies(time -> assertThat(time.worstCase()).isEqualTo(Duration.ofMillis(118)));
        TestHost.get(domain.configure(TestHost.patch("scheduler", Map.of("policy", "FIFO")), null));
        ScheduleAnalysis untold = TestHost.get(domain.analysis());
        assertThat(untold.schedulable()).isNull();
        assertThat(untold.reason()).contains("FIFO offers no schedulability test");
    }

    @Test
    void singleTasksCountUntilTheirDeadlinesIfAllAreToBeGuaranteed() {
        Domain domain = domain("EDF", "ALL");
        TestHost.get(domain.createSchedule(schedule("half", 500, 1000, 1000)));
        TestHost.get(domain.schedule(single(2000, 4000)));
        RefusedException refused = refused(() -> TestHost.get(domain.schedule(single(1, 4000))));
        assertThat(refused)
                .hasMessageContaining("the task cannot be guaranteed under EDF")
                .hasMessageContaining("processor demand");
        assertThat(
                        refused(() ->
                                        TestHost.get(
                                                domain.schedule(
                                                        TestHost.task("nothing")
                                                                .relativeDeadline(
                                                                        Duration.ofSeconds(1))
                                                                .build())))
                                .details())
                .containsEntry("field", "estimatedDuration");
        TestHost.get(domain.schedule(TestHost.task("nothing").build()));
        assertThat(domain.metrics().tasksScheduled()).isEqualTo(2);
    }

    private static TaskRequest single(int run, int deadline) {
        return TestHost.task("nothing")
                .estimatedDuration(Duration.ofMillis(run))
                .relativeDeadline(Duration.ofMillis(deadline))
                .build();
    }

    @Test
    void manyWhoAskAtOnceGetNoMoreThanThereIs() throws Exception {
        Domain domain = domain("EDF", null);
        AtomicInteger refused = new AtomicInteger();
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String name = "s" + i;
                done.add(
                        clients.submit(() -> {
                            try {
                                TestHost.get(domain.createSchedule(schedule(name, 10, 100, 100)));
                            } catch (RefusedException notGuaranteed) {
                                refused.incrementAndGet();
                            }
                        }));
            }
            for (Future<?> each : done) each.get();
        }
        assertThat(domain.schedules()).hasSize(10);
        assertThat(refused).hasValue(30);
    }

    @Test
    void aTestThatFailsCannotTellAndHoldsUpNobody() {
        CompletableFuture<Void> never = new CompletableFuture<>();
        host.registry.addPolicy(
                new Analysed(
                        "HUNG",
                        TaskView::deadline,
                        true,
                        (tasks, budget) -> {
                            never.join();
                            throw new IllegalStateException("not reached");
                        }),
                TestHost.BUNDLE);
        Domain domain = domain("HUNG", null);
        RefusedException refused =
                refused(() -> TestHost.get(domain.createSchedule(schedule("a", 1, 50, 50))));
        assertThat(refused).hasMessageContaining("cannot be told: the test of HUNG failed");
        assertThat(TestHost.get(domain.analysis()).schedulable()).isTrue();
        never.complete(null);
    }
}
