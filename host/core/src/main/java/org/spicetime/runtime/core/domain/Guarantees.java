// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.ScheduleAnalysis;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.scheduler.AdmissionMode;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Analysis.Verdict;
import org.spicetime.runtime.api.scheduler.TaskDemand;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.core.plugins.PolicyPlugin;
import org.spicetime.runtime.core.recurrence.Rhythm;

/**
 * Whether the configured policy can guarantee the deadlines of a domain, by the policy's own test
 * on a snapshot. Waits for the plugin, so no lock of the domain may be held, except the one that
 * takes one decision at a time. Thread-safe.
 */
final class Guarantees {

    private static final Logger LOG = LoggerFactory.getLogger(Guarantees.class);

    private final DomainBody body;
    private final SingleDemands singles;

    /* Held while the load is read and told, so that the last look is told last. */
    private final Object load = new Object();

    /* What the parameters say need not be read again for each task. */
    private volatile @Nullable Question lastQuestion;

    Guarantees(DomainBody body) {
        this.body = body;
        singles = new SingleDemands(body);
    }

    /** The policy that is to guarantee, and what it is asked. */
    private record Question(PolicyPlugin plugin, DomainConfig config, AdmissionMode mode) {
        TaskDemand demand(UUID id, ScheduleRequest schedule) {
            TaskRequest task = schedule.task();
            Duration run = task.estimatedDuration();
            if (run == null) {
                throw missingRunTime("task.estimatedDuration", plugin.name());
            }
            Duration deadline = schedule.relativeDeadline();
            long period = shortest(schedule.recurrence());
            long none = plugin.descriptor().deadlineAware() ? Long.MAX_VALUE : period;
            return new TaskDemand(
                    id,
                    run.toNanos(),
                    period,
                    deadline == null ? none : deadline.toNanos(),
                    priority(task));
        }

        TaskDemand demand(UUID id, TaskRequest task, long relativeDeadline) {
            Duration run = task.estimatedDuration();
            if (run == null) {
                throw missingRunTime("estimatedDuration", plugin.name());
            }
            return new TaskDemand(
                    id, run.toNanos(), Long.MAX_VALUE, relativeDeadline, priority(task));
        }

        int priority(TaskRequest task) {
            return task.priority().orElse(config.scheduler().priorities().defaultPriority());
        }

        Analysis answer(List<TaskDemand> demands, DomainBody body) {
            return plugin.analyse(
                            demands,
                            Budgets.of(
                                    config,
                                    body.allocation(),
                                    plugin.descriptor(),
                                    (int) body.node.budget().cores()))
                    .orElseThrow();
        }
    }

    private static RefusedException missingRunTime(String field, String policy) {
        return RefusedException.badInput(
                field,
                "must be told: "
                        + policy
                        + " admits only what it can guarantee; or set scheduler.parameters.admission to OFF");
    }

    private static long shortest(Recurrence recurrence) {
        return Rhythm.of(recurrence).shortest().toNanos();
    }

    /** Empty: the policy is not there, or has no test. */
    private Optional<Question> question() {
        DomainConfig config = body.config();
        return body.node
                .deployed()
                .policy(config.scheduler().policy(), body.id())
                .filter(plugin -> plugin.schedulabilityTest().isPresent())
                .map(plugin -> {
                    Question last = lastQuestion;
                    if (last != null && last.plugin() == plugin && last.config().equals(config)) {
                        return last;
                    }
                    Question next =
                            new Question(
                                    plugin,
                                    config,
                                    plugin.admission(config.scheduler().parameters()));
                    lastQuestion = next;
                    return next;
                });
    }

    /** Refuses a schedule that cannot be guaranteed together with the others, if that is wanted. */
    void schedule(UUID candidate, Map<UUID, ScheduleRequest> all) {
        Question question = question().orElse(null);
        if (question == null || question.mode() == AdmissionMode.OFF) {
            warnOfOverload(all);
            return;
        }
        List<TaskDemand> demands = new ArrayList<>();
        Map<UUID, String> names = new HashMap<>();
        all.forEach((id, schedule) -> {
            // Those that were admitted without a run time, by another policy, are told by
            // analysis().
            if (id.equals(candidate) || schedule.task().estimatedDuration() != null) {
                demands.add(question.demand(id, schedule));
                names.put(id, "schedule \"" + schedule.name() + "\"");
            }
        });
        if (question.mode() == AdmissionMode.ALL) {
            demands.addAll(singles.known());
        }
        Analysis analysis = question.answer(demands, body);
        if (!analysis.schedulable()) {
            throw NotGuaranteed.refusal(
                    names.getOrDefault(candidate, "the schedule"),
                    question.plugin().name(),
                    analysis,
                    names);
        }
    }

    /* Nothing is refused, but nobody should have to find out by missed deadlines. */
    private void warnOfOverload(Map<UUID, ScheduleRequest> all) {
        double needed = needed(all.values());
        DomainConfig config = body.config();
        double slots = slots(config);
        if (needed > slots) {
            LOG.warn(
                    "domain={} overload: schedules need {} processors, there are {}; {} admits them all the same",
                    body.id(),
                    NotGuaranteed.number(needed),
                    slots,
                    config.scheduler().policy());
        }
    }

    /** Tells whether the schedules need more than there is; to be called when either changes. */
    void lookAtLoad(Supplier<Map<UUID, ScheduleRequest>> schedules) {
        synchronized (load) {
            DomainConfig config = body.config();
            body.alerts.load(
                    config.scheduler().policy(), needed(schedules.get().values()), slots(config));
        }
    }

    private double slots(DomainConfig config) {
        return Math.min(config.executor().parallelism(), body.node.budget().cores());
    }

    private static double needed(Collection<ScheduleRequest> all) {
        double needed = 0;
        for (ScheduleRequest schedule : all) {
            Duration run = schedule.task().estimatedDuration();
            if (run != null) {
                needed += (double) run.toNanos() / shortest(schedule.recurrence());
            }
        }
        return needed;
    }

    /**
     * Takes single tasks with a deadline into account, or refuses all of them, if that is wanted.
     *
     * @return what takes them out of account again, when they are not admitted after all
     */
    Runnable singles(List<TaskRequest> requests, Supplier<Map<UUID, ScheduleRequest>> schedules) {
        boolean none =
                requests.stream()
                        .allMatch(
                                task -> task.deadline() == null && task.relativeDeadline() == null);
        if (none) {
            return () -> {};
        }
        Question question = question().orElse(null);
        if (question == null || question.mode() != AdmissionMode.ALL) {
            return () -> {};
        }
        Map<UUID, String> names = new HashMap<>();
        List<TaskDemand> periodic = new ArrayList<>();
        schedules
                .get()
                .forEach((id, schedule) -> {
                    if (schedule.task().estimatedDuration() != null) {
                        periodic.add(question.demand(id, schedule));
                        names.put(id, "schedule \"" + schedule.name() + "\"");
                    }
                });
        return singles.take(
                requests,
                question::demand,
                (fresh, known) -> {
                    List<TaskDemand> demands = new ArrayList<>(periodic);
                    demands.addAll(known);
                    demands.addAll(fresh);
                    fresh.forEach(task -> names.put(task.id(), "the task"));
                    Analysis analysis = question.answer(demands, body);
                    if (!analysis.schedulable()) {
                        throw NotGuaranteed.refusal(
                                "the task", question.plugin().name(), analysis, names);
                    }
                });
    }

    /** What the policy in charge can guarantee now. */
    ScheduleAnalysis analysis(List<Schedule> schedules) {
        Question question = question().orElse(null);
        String active = body.state().activePolicy();
        Demands demands = new Demands(schedules, singles.unfinished());
        if (question == null || !question.plugin().name().equals(active)) {
            return demands.untold(
                    active, "cannot be told: " + active + " offers no schedulability test");
        }
        return demands.answer(question);
    }

    /** Tells in the log what a policy that has just been put in charge cannot guarantee. */
    void tell(List<Schedule> schedules) {
        if (schedules.isEmpty()) {
            return;
        }
        ScheduleAnalysis analysis = analysis(schedules);
        if (!Boolean.TRUE.equals(analysis.schedulable())) {
            LOG.warn(
                    "domain={} deadlines are not guaranteed under {}: {}",
                    body.id(),
                    analysis.policy(),
                    analysis.reason());
        }
    }

    /** What a domain has to do. Used by one call. */
    private final class Demands {
        private final Map<UUID, Schedule> schedules = new LinkedHashMap<>();
        private final Map<UUID, SingleDemands.Unfinished> tasks = new LinkedHashMap<>();
        private final List<TaskDemand> demands = new ArrayList<>();
        private int silent;

        Demands(List<Schedule> schedules, List<SingleDemands.Unfinished> tasks) {
            schedules.forEach(schedule -> this.schedules.put(schedule.id(), schedule));
            tasks.forEach(task -> this.tasks.put(task.id().value(), task));
        }

        ScheduleAnalysis untold(String policy, String reason) {
            double utilization = 0;
            for (Schedule schedule : schedules.values()) {
                Duration run = schedule.task().estimatedDuration();
                if (run != null) {
                    utilization += (double) run.toNanos() / shortest(schedule.recurrence());
                }
            }
            return new ScheduleAnalysis(policy, null, utilization, null, List.of(), reason);
        }

        ScheduleAnalysis answer(Question question) {
            if (tasks.size() > SingleDemands.MOST) {
                return untold(
                        question.plugin().name(),
                        "cannot be told: there are more than "
                                + SingleDemands.MOST
                                + " unfinished tasks with a deadline");
            }
            schedules.values().forEach(schedule -> add(question, schedule));
            tasks.values().forEach(task -> add(question, task));
            if (demands.isEmpty() && silent == 0) {
                return new ScheduleAnalysis(
                        question.plugin().name(),
                        true,
                        0,
                        null,
                        List.of(),
                        "nothing has a period or a deadline");
            }
            Analysis analysis = question.answer(demands, body);
            return new ScheduleAnalysis(
                    question.plugin().name(),
                    schedulable(question, analysis),
                    analysis.utilisation(),
                    analysis.bound().isPresent() ? analysis.bound().getAsDouble() : null,
                    analysis.responseTimes().stream()
                            .map(this::responseTime)
                            .flatMap(Optional::stream)
                            .toList(),
                    reason(question, analysis));
        }

        private void add(Question question, Schedule schedule) {
            if (schedule.task().estimatedDuration() == null) {
                silent++;
                return;
            }
            demands.add(
                    question.demand(
                            schedule.id(),
                            new ScheduleRequest(
                                    schedule.name(),
                                    schedule.task(),
                                    schedule.recurrence(),
                                    null,
                                    schedule.overlap(),
                                    schedule.misfire(),
                                    schedule.relativeDeadline(),
                                    schedule.paused())));
        }

        private void add(Question question, SingleDemands.Unfinished task) {
            if (task.request().estimatedDuration() == null) {
                silent++;
                return;
            }
            demands.add(
                    question.demand(task.id().value(), task.request(), task.relativeDeadline()));
        }

        private boolean aged(Question question) {
            return question.config().scheduler().priorities().agingInterval().isPositive()
                    && !question.plugin().descriptor().deadlineAware();
        }

        private @Nullable Boolean schedulable(Question question, Analysis analysis) {
            if (analysis.verdict() == Verdict.REFUTED) {
                return false;
            }
            boolean told = analysis.schedulable() && silent == 0 && !aged(question);
            return told ? true : null;
        }

        private String reason(Question question, Analysis analysis) {
            Map<UUID, String> names = new HashMap<>();
            schedules.forEach((id, one) -> names.put(id, "schedule \"" + one.name() + "\""));
            tasks.forEach((id, one) -> names.put(id, "task " + one.id()));
            String reason = NotGuaranteed.sentence(analysis, names);
            if (silent > 0) {
                reason += "; " + silent + " schedules or tasks tell no expected run time";
            }
            return aged(question) ? reason + "; aging changes the order" : reason;
        }

        private Optional<ScheduleAnalysis.ResponseTime> responseTime(Analysis.ResponseTime time) {
            Schedule schedule = schedules.get(time.id());
            SingleDemands.Unfinished task = tasks.get(time.id());
            if (schedule == null && task == null) {
                return Optional.empty();
            }
            TaskId shown = task == null ? null : task.id();
            if (schedule != null) {
                shown = schedule.lastTask();
            }
            boolean bounded = time.worstNanos() != Long.MAX_VALUE;
            return Optional.of(
                    new ScheduleAnalysis.ResponseTime(
                            schedule == null ? null : schedule.id(),
                            shown,
                            bounded ? Duration.ofNanos(time.worstNanos()) : null,
                            bounded && time.worstNanos() <= deadlineOf(time.id())));
        }

        private long deadlineOf(UUID id) {
            return demands.stream()
                    .filter(demand -> demand.id().equals(id))
                    .mapToLong(TaskDemand::relativeDeadlineNanos)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        }
    }
}
