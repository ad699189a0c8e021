// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskStatus;
import org.spicetime.runtime.api.task.TaskType;

/** Commands of the scope {@code task}. Thread-safe. */
@Component(
        service = TaskCommands.class,
        property = {
            "osgi.command.scope=task",
            "osgi.command.function=list",
            "osgi.command.function=show",
            "osgi.command.function=schedule",
            "osgi.command.function=cancel",
            "osgi.command.function=retry"
        })
public final class TaskCommands {
    private static final String ID = "id of the task, as task:list shows it";
    private static final String NONE = "";
    private static final int MOST = 1000;

    private final Domains domains;

    @Activate
    public TaskCommands(@Reference Domains domains) {
        this.domains = domains;
    }

    @Descriptor("lists the tasks of a domain in scheduling order, of every domain if none is named")
    public String list(
            @Parameter(
                            names = {"-s", "--status"},
                            absentValue = NONE)
                    @Descriptor("only PENDING, RUNNING, BLOCKED, COMPLETED or FAILED ones")
                    String status,
            @Parameter(
                            names = {"-n", "--limit"},
                            absentValue = "50")
                    @Descriptor("most tasks of a domain, 1 to 1000; 50 unless told otherwise")
                    String limit,
            @Descriptor("ids of domains; none: all") String... ids) {
        return Command.run(() -> {
            TaskFilter filter = filter(status, limit);
            Table table =
                    new Table(
                            "TASK",
                            "DOMAIN",
                            "NAME",
                            "HANDLER",
                            "PHASE",
                            "PRIORITY",
                            "DEADLINE",
                            "ATTEMPT");
            for (Domain domain : asked(ids)) {
                for (Task task : domain.tasks(filter)) {
                    table.row(
                            task.id(),
                            task.domain(),
                            task.request().name(),
                            task.handler(),
                            task.phase(),
                            task.effectivePriority(),
                            Text.instant(task.deadline()),
                            task.attempt());
                }
            }
            return table.orElse("no task matches");
        });
    }

    @Descriptor("shows one task: state, times, cost, result and error")
    public String show(@Descriptor(ID) String id) {
        return Command.run(() -> shown(Command.task(domains, id)));
    }

    @Descriptor("schedules a task, e.g. task:schedule -p 5 ethical-scoring COMPUTATION")
    public String schedule(
            @Parameter(
                            names = {"-n", "--name"},
                            absentValue = NONE)
                    @Descriptor("name for people")
                    String name,
            @Parameter(
                            names = {"-h", "--handler"},
                            absentValue = NONE)
                    @Descriptor("name of the handler; else the default of the type")
                    String handler,
            @Parameter(
                            names = {"-p", "--priority"},
                            absentValue = NONE)
                    @Descriptor("a larger one is more urgent; else the domain's default")
                    String priority,
            @Parameter(
                            names = {"-d", "--deadline"},
                            absentValue = NONE)
                    @Descriptor("milliseconds from now by which it should have completed")
                    String deadlineMillis,
            @Parameter(
                            names = {"-j", "--parameters"},
                            absentValue = NONE)
                    @Descriptor("parameters of the handler as JSON, in quotes")
                    String parameters,
            @Descriptor(DOMAIN) String domain,
            @Descriptor("COMPUTATION, IO, NETWORK or MAINTENANCE") String type) {
        return Command.run(() -> {
            Domain target = Command.domain(domains, domain);
            TaskRequest.Builder request =
                    TaskRequest.of(Settings.choice(TaskType.class, "type", type))
                            .owner(Command.ACTOR);
            if (!name.equals(NONE)) request.name(name);
            if (!handler.equals(NONE)) request.handler(handler);
            if (!priority.equals(NONE)) request.priority(Settings.number("priority", priority));
            if (!deadlineMillis.equals(NONE)) {
                request.relativeDeadline(
                        Duration.ofMillis(Settings.number("deadline", deadlineMillis)));
            }
            if (!parameters.equals(NONE)) request.payload(Payload.json(parameters));
            Task task = Command.await(target.schedule(request.build()));
            return task.id() + " is " + task.phase();
        });
    }

    private static final String DOMAIN = "id of the domain, as domain:list shows it";

    @Descriptor("cancels a task that has not finished; a running one ends when its handler returns")
    public String cancel(
            @Parameter(
                            names = {"-r", "--reason"},
                            absentValue = NONE)
                    @Descriptor("kept with the task")
                    String reason,
            @Descriptor(ID) String id) {
        return Command.run(() -> {
            Task task = Command.task(domains, id);
            String told = reason.equals(NONE) ? null : reason;
            return status(Command.await(owner(task).cancel(task.id(), told)));
        });
    }

    @Descriptor("admits a failed task again under the same id")
    public String retry(
            @Parameter(
                            names = {"-c", "--cascade"},
                            presentValue = "true",
                            absentValue = "false")
                    @Descriptor("also the tasks that failed because of it")
                    boolean cascade,
            @Descriptor(ID) String id) {
        return Command.run(() -> {
            Task task = Command.task(domains, id);
            return status(Command.await(owner(task).retry(task.id(), cascade)));
        });
    }

    private Domain owner(Task task) {
        return Command.domain(domains, task.domain().value());
    }

    private List<Domain> asked(String... ids) {
        if (ids.length == 0) return domains.all();
        List<Domain> asked = new ArrayList<>();
        for (String id : ids) asked.add(Command.domain(domains, id));
        return asked;
    }

    private static TaskFilter filter(String status, String limit) {
        int most = Settings.number("limit", limit);
        if (most < 1 || most > MOST) {
            throw RefusedException.outOfRange("limit", most, "1 .. " + MOST);
        }
        List<TaskStatus> wanted =
                status.equals(NONE)
                        ? List.of()
                        : List.of(Settings.choice(TaskStatus.class, "status", status));
        return TaskFilter.ALL.withStatus(wanted).withLimit(most);
    }

    private static String shown(Task task) {
        TaskMetrics metrics = task.metrics();
        RuntimeError error = task.error();
        return new Table("TASK", task.id().toString())
                .row("domain", task.domain())
                .row("name", task.request().name())
                .row("type", task.request().type())
                .row("handler", task.handler())
                .row("phase", task.phase())
                .row("priority", task.priority())
                .row("effective priority", task.effectivePriority())
                .row("deadline", Text.instant(task.deadline()))
                .row("deadline missed", task.deadlineMissed())
                .row("attempt", task.attempt())
                .row("owner", task.request().owner())
                .row("created", Text.instant(task.createdAt()))
                .row("started", Text.instant(metrics.startedAt()))
                .row("finished", Text.instant(metrics.finishedAt()))
                .row("duration", Text.millis(metrics.duration()))
                .row("waited", Text.millis(metrics.waitTime()))
                .row("processor time", Text.millis(Duration.ofNanos(metrics.cpuNanos())))
                .row("pool peak", Text.bytes(metrics.poolPeakBytes()))
                .row("depends on", task.dependencies().size() + " tasks")
                .row("result", size(task.result()))
                .row("error", error == null ? null : error.code().name() + ": " + error.message())
                .toString();
    }

    /** Contents may be secret. */
    private static String size(@org.jspecify.annotations.Nullable Payload payload) {
        return payload == null
                ? Text.NONE
                : payload.contentType() + ", " + Text.bytes(payload.size());
    }

    private static String status(Task task) {
        return task.id() + " is " + task.phase();
    }
}
