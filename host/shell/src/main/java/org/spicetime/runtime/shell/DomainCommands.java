// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.memory.MemoryMetrics;

/** Commands of the scope {@code domain}. Thread-safe. */
@Component(
        service = DomainCommands.class,
        property = {
            "osgi.command.scope=domain",
            "osgi.command.function=list",
            "osgi.command.function=show",
            "osgi.command.function=start",
            "osgi.command.function=stop",
            "osgi.command.function=pause",
            "osgi.command.function=resume",
            "osgi.command.function=drain",
            "osgi.command.function=configure"
        })
public final class DomainCommands {
    private static final String ID = "id of the domain, as domain:list shows it";
    private static final String ANY_REVISION = "any";
    private static final int SHOWN_ERRORS = 5;

    private final Domains domains;

    @Activate
    public DomainCommands(@Reference Domains domains) {
        this.domains = domains;
    }

    @Descriptor("lists the domains: status, policy, tasks and pool of each")
    public String list() {
        return Command.run(() -> {
            Table table =
                    new Table(
                            "DOMAIN",
                            "STATUS",
                            "POLICY",
                            "ALLOCATOR",
                            "PENDING",
                            "RUNNING",
                            "BLOCKED",
                            "DONE",
                            "FAILED",
                            "POOL USED",
                            "REASON");
            for (Domain domain : domains.all()) {
                DomainState state = domain.state();
                RuntimeMetrics metrics = domain.metrics();
                MemoryMetrics pool = domain.resources().memory();
                table.row(
                        state.id(),
                        state.status(),
                        inForce(state.activePolicy(), state.config().scheduler().policy()),
                        inForce(state.activeAllocator(), state.config().memory().allocationType()),
                        metrics.tasksPending(),
                        metrics.tasksRunning(),
                        metrics.tasksBlocked(),
                        metrics.tasksCompleted(),
                        metrics.tasksFailed(),
                        Text.bytes(pool.used()) + " of " + Text.bytes(pool.total()),
                        state.statusReason() == null ? "" : state.statusReason());
            }
            return table.orElse("there are no domains");
        });
    }

    @Descriptor("shows one domain: state, configuration, counters, latencies and newest errors")
    public String show(@Descriptor(ID) String id) {
        return Command.run(() -> shown(Command.domain(domains, id)));
    }

    @Descriptor("starts a domain that is CREATED, STOPPED or FAILED")
    public String start(@Descriptor(ID) String id) {
        return Command.run(() -> status(Command.await(Command.domain(domains, id).start())));
    }

    @Descriptor("stops a domain; unfinished tasks stay and go on after the next start")
    public String stop(
            @Parameter(
                            names = {"-d", "--drain"},
                            presentValue = "true",
                            absentValue = "false")
                    @Descriptor("run the admitted tasks to the end first")
                    boolean drain,
            @Descriptor(ID) String id) {
        return Command.run(() -> status(Command.await(Command.domain(domains, id).stop(drain))));
    }

    @Descriptor("pauses a domain: nothing more is dispatched, running tasks go on")
    public String pause(@Descriptor(ID) String id) {
        return Command.run(() -> status(Command.await(Command.domain(domains, id).pause())));
    }

    @Descriptor("ends a pause or a drain")
    public String resume(@Descriptor(ID) String id) {
        return Command.run(() -> status(Command.await(Command.domain(domains, id).resume())));
    }

    @Descriptor("drains a domain: no more tasks are accepted, the admitted ones run to the end")
    public String drain(@Descriptor(ID) String id) {
        return Command.run(() -> status(Command.await(Command.domain(domains, id).drain())));
    }

    @Descriptor("changes the configuration of a domain, all of it or nothing")
    public String configure(
            @Parameter(
                            names = {"-n", "--dry-run"},
                            presentValue = "true",
                            absentValue = "false")
                    @Descriptor("only tell whether it would be accepted")
                    boolean dryRun,
            @Parameter(
                            names = {"-r", "--revision"},
                            absentValue = ANY_REVISION)
                    @Descriptor("refuse unless the domain has this revision")
                    String revision,
            @Descriptor(ID) String id,
            @Descriptor(
                            "settings as path=value, e.g. scheduler.policy=EDF executor.parallelism=4;"
                                    + " null restores a default")
                    String... settings) {
        return Command.run(() -> {
            Domain domain = Command.domain(domains, id);
            var patch = Settings.patch(settings);
            Integer expected =
                    revision.equals(ANY_REVISION) ? null : Settings.number("revision", revision);
            if (dryRun) {
                domain.rehearse(patch, expected);
                return "would be accepted; nothing changed";
            }
            DomainState state = Command.await(domain.configure(patch, expected));
            return state.id() + " has revision " + state.revision();
        });
    }

    private static String shown(Domain domain) {
        DomainState state = domain.state();
        RuntimeMetrics metrics = domain.metrics();
        MemoryMetrics pool = domain.resources().memory();
        Table facts =
                new Table("DOMAIN", state.id().value())
                        .row("name", state.name())
                        .row("description", state.description())
                        .row("status", state.status())
                        .row("reason", state.statusReason())
                        .row("revision", state.revision())
                        .row(
                                "policy",
                                inForce(state.activePolicy(), state.config().scheduler().policy()))
                        .row(
                                "allocator",
                                inForce(
                                        state.activeAllocator(),
                                        state.config().memory().allocationType()))
                        .row("workers", state.config().executor().parallelism())
                        .row("created", Text.instant(state.createdAt()))
                        .row("started", Text.instant(state.startedAt()))
                        .row("tasks admitted", metrics.tasksScheduled())
                        .row("tasks pending", metrics.tasksPending())
                        .row("tasks running", metrics.tasksRunning())
                        .row("tasks blocked", metrics.tasksBlocked())
                        .row("tasks completed", metrics.tasksCompleted())
                        .row("tasks failed", metrics.tasksFailed())
                        .row("deadline misses", metrics.deadlineMisses())
                        .row("preemptions", metrics.preemptions())
                        .row("ejections", metrics.ejections())
                        .row("latency p50", Text.micros(metrics.schedulingLatency().p50()))
                        .row("latency p99", Text.micros(metrics.schedulingLatency().p99()))
                        .row("pool total", Text.bytes(pool.total()))
                        .row("pool used", Text.bytes(pool.used()))
                        .row("pool fragmentation", Text.percent(pool.fragmentation()));
        Table errors = new Table("NEWEST ERRORS", "TASK", "MESSAGE");
        for (RuntimeError error : domain.errors(SHOWN_ERRORS)) {
            errors.row(error.code().name(), error.task(), error.message());
        }
        String newest = errors.orElse("");
        return newest.isEmpty() ? facts.toString() : facts + "\n\n" + newest;
    }

    private static String inForce(String active, String configured) {
        return active.equals(configured) ? active : active + " (configured: " + configured + ")";
    }

    private static String status(DomainState state) {
        return state.id()
                + " is "
                + state.status()
                + (state.statusReason() == null ? "" : ": " + Text.printable(state.statusReason()));
    }
}
