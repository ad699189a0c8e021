// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/** The shipped handlers under the shipped policies share one processor, and run by schedules. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class TimeSharingIT {

    @Service Domains domains;

    @Test
    void longTasksOfTheShippedHandlerTakeTurnsUnderRoundRobin() {
        try (DomainProbe probe =
                DomainProbe.create(domains, "sharing", "ROUND_ROBIN", "FIRST_FIT")) {
            configure(
                    probe.domain(),
                    Map.of(
                            "scheduler",
                            Map.of("quantum", 2),
                            "executor",
                            Map.of("parallelism", 1)));
            List<Task> started =
                    Stream.generate(() -> probe.schedule(digest(400_000))).limit(3).toList();
            List<Task> ended = started.stream().map(probe::awaitEnd).toList();
            assertThat(ended).extracting(Task::phase).containsOnly(TaskPhase.COMPLETED);
            assertThat(ended)
                    .allSatisfy(task -> assertThat(task.metrics().preemptions()).isGreaterThan(1));
            assertThat(probe.domain().metrics().preemptions())
                    .isEqualTo(
                            ended.stream().mapToLong(task -> task.metrics().preemptions()).sum());
        }
    }

    @Test
    void anUrgentTaskTakesTheProcessorFromALongOneOfTheShippedHandler() {
        try (DomainProbe probe = DomainProbe.create(domains, "urgent", "EDF", "FIRST_FIT")) {
            configure(
                    probe.domain(),
                    Map.of(
                            "scheduler",
                            Map.of("preemption", Map.of("enabled", true)),
                            "executor",
                            Map.of("parallelism", 1)));
            Task late = probe.schedule(digest(2_000_000));
            await().atMost(DomainProbe.LIMIT)
                    .until(() -> probe.domain().metrics().tasksRunning() == 1);
            Task urgent =
                    probe.schedule(
                            digest(1).toBuilder().relativeDeadline(Duration.ofSeconds(5)).build());
            Task first = probe.awaitEnd(urgent);
            assertThat(first.phase()).isEqualTo(TaskPhase.COMPLETED);
            Task second = probe.awaitEnd(late);
            assertThat(second.metrics().preemptions()).isEqualTo(1);
            assertThat(second.metrics().finishedAt()).isAfter(first.metrics().finishedAt());
        }
    }

    @Test
    void aScheduleRunsTheShippedHandlerAgainAndAgain() {
        try (DomainProbe probe = DomainProbe.create(domains, "periodic", "PRIORITY", "TLSF")) {
            Schedule schedule =
                    DomainProbe.done(
                            probe.domain()
                                    .createSchedule(
                                            ScheduleRequest.of(
                                                    "beat", digest(1), Duration.ofMillis(10))));
            await().atMost(DomainProbe.LIMIT)
                    .until(() -> probe.domain().metrics().tasksCompleted() >= 5);
            Schedule last = DomainProbe.done(probe.domain().deleteSchedule(schedule.id(), "test"));
            assertThat(last.released()).isGreaterThanOrEqualTo(5);
            assertThat(last.lastTask()).isNotNull();
        }
    }

    private static void configure(Domain domain, Map<String, Object> config) {
        DomainProbe.done(domain.configure(new ConfigPatch(config), null));
    }

    private static TaskRequest digest(int rounds) {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler("digest.data")
                .payload(
                        Payload.json(
                                "{\"text\":\"" + "x".repeat(200) + "\",\"rounds\":" + rounds + "}"))
                .build();
    }
}
