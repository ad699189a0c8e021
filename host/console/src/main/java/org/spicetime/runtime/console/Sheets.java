// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.DeployedBundle;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.catalogue.RefusedFile;
import org.spicetime.runtime.api.domain.ConfigOrigin;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;

/** Reads the host into sheets. Thread-safe. */
@Component(service = Sheets.class)
public final class Sheets {
    private static final Logger LOG = LoggerFactory.getLogger(Sheets.class);
    private static final int HEAD = 3;
    private static final int MOST_INCIDENTS = 100;

    private final Domains domains;
    private final Catalogue catalogue;
    private final AtomicReference<@Nullable Bundles> bundles = new AtomicReference<>();

    @Activate
    public Sheets(@Reference Domains domains, @Reference Catalogue catalogue) {
        this.domains = domains;
        this.catalogue = catalogue;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindBundles(Bundles added) {
        bundles.set(added);
    }

    void unbindBundles(Bundles removed) {
        bundles.compareAndSet(removed, null);
    }

    Sheet domains() {
        var sheet =
                Sheet.of(
                        "domains",
                        "Domains",
                        "Domain",
                        "Status",
                        "Reason",
                        "Policy",
                        "Configured policy",
                        "Allocator",
                        "Configured allocator",
                        "Workers",
                        "Revision",
                        "Admitted",
                        "Completed",
                        "Failed",
                        "Deadline misses",
                        "Ejections",
                        "Latency p99 (µs)",
                        "Started");
        for (Domain domain : domains.all()) {
            DomainState state = domain.state();
            RuntimeMetrics metrics = domain.metrics();
            sheet.row(
                    state.id().value(),
                    state.status().name(),
                    state.statusReason(),
                    state.activePolicy(),
                    state.config().scheduler().policy(),
                    state.activeAllocator(),
                    state.config().memory().allocationType(),
                    state.config().executor().parallelism(),
                    state.revision(),
                    metrics.tasksScheduled(),
                    metrics.tasksCompleted(),
                    metrics.tasksFailed(),
                    metrics.deadlineMisses(),
                    metrics.ejections(),
                    number(metrics.schedulingLatency().p99()),
                    state.startedAt());
        }
        return sheet.build();
    }

    Sheet queues() {
        var sheet =
                Sheet.of(
                        "queues",
                        "Queues",
                        "Domain",
                        "Pending",
                        "Running",
                        "Blocked",
                        "Capacity",
                        "Tasks per second",
                        "Head of the run queue");
        for (Domain domain : domains.all()) {
            RuntimeMetrics metrics = domain.metrics();
            int capacity = domain.state().config().executor().queueCapacity();
            sheet.row(
                    domain.id().value(),
                    metrics.tasksPending(),
                    metrics.tasksRunning(),
                    metrics.tasksBlocked(),
                    capacity == 0 ? "unbounded" : capacity,
                    rounded(metrics.throughputPerSecond()),
                    head(domain));
        }
        return sheet.build();
    }

    private static List<String> head(Domain domain) {
        return domain.tasks(ready()).stream().map(Sheets::shortly).toList();
    }

    private static String shortly(Task task) {
        String name = task.request().name();
        return (name == null ? task.id().toString() : name)
                + " (priority "
                + task.effectivePriority()
                + (task.deadline() == null ? "" : ", deadline " + task.deadline())
                + ")";
    }

    private static TaskFilter ready() {
        return TaskFilter.ALL
                .withPhase(List.of(TaskPhase.READY, TaskPhase.PREEMPTED))
                .withLimit(HEAD);
    }

    Sheet pools() {
        var sheet =
                Sheet.of(
                        "pools",
                        "Memory pools",
                        "Domain",
                        "Allocator",
                        "Total (bytes)",
                        "Used (bytes)",
                        "Cached (bytes)",
                        "Free (bytes)",
                        "Largest free (bytes)",
                        "Swapped (bytes)",
                        "Leaked (bytes)",
                        "Fragmentation",
                        "Collections");
        for (Domain domain : domains.all()) {
            MemoryMetrics pool = domain.resources().memory();
            sheet.row(
                    domain.id().value(),
                    domain.state().activeAllocator(),
                    pool.total(),
                    pool.used(),
                    pool.cached(),
                    pool.free(),
                    pool.largestFree(),
                    pool.swapped(),
                    pool.leaked(),
                    number(pool.fragmentation()),
                    pool.collections());
        }
        return sheet.build();
    }

    Sheet plugins() {
        var sheet =
                Sheet.of(
                        "plugins",
                        "Policies, strategies and handlers",
                        "Kind",
                        "Name",
                        "Version",
                        "State",
                        "Quarantined until",
                        "Bundle",
                        "Bundle version",
                        "Used by",
                        "Ejections",
                        "Description");
        List<CatalogueEntry> entries = new ArrayList<>(catalogue.policies());
        entries.addAll(catalogue.allocators());
        entries.addAll(catalogue.handlers());
        for (CatalogueEntry entry : entries) {
            CatalogueEntry.Facts facts = entry.facts();
            sheet.row(
                    kind(entry).name(),
                    facts.name(),
                    facts.version(),
                    facts.state().name(),
                    facts.quarantinedUntil(),
                    facts.bundle() == null ? "built in" : facts.bundle(),
                    facts.bundleVersion(),
                    facts.usedBy().stream().map(Object::toString).toList(),
                    facts.ejections().size(),
                    facts.description());
        }
        return sheet.build();
    }

    private static PluginKind kind(CatalogueEntry entry) {
        return switch (entry) {
            case CatalogueEntry.PolicyEntry _ -> PluginKind.SCHEDULING_POLICY;
            case CatalogueEntry.AllocatorEntry _ -> PluginKind.ALLOCATOR;
            case CatalogueEntry.HandlerEntry _ -> PluginKind.TASK_HANDLER;
        };
    }

    Sheet incidents() {
        var sheet =
                Sheet.of(
                        "incidents",
                        "Incidents",
                        "Time",
                        "Incident",
                        "Kind",
                        "Plugin",
                        "Version",
                        "Bundle",
                        "Domain",
                        "Reason",
                        "Message",
                        "Replaced by",
                        "Switched within (ms)",
                        "Report");
        catalogue.ejections().stream()
                .limit(MOST_INCIDENTS)
                .forEach(incident -> sheet.row(cells(incident)));
        return sheet.build();
    }

    private static @Nullable Object[] cells(Ejection incident) {
        return new @Nullable Object[] {
            incident.timestamp(),
            incident.id().toString(),
            incident.kind().name(),
            incident.name(),
            incident.version(),
            incident.bundle(),
            incident.domain() == null ? null : incident.domain().value(),
            incident.reason().name(),
            incident.message(),
            incident.replacedBy(),
            rounded(incident.switchTime().toNanos() / 1e6),
            incident.report()
        };
    }

    Sheet bundles() {
        var sheet =
                Sheet.of(
                        "bundles",
                        "Bundles that need attention",
                        "Bundle",
                        "Version",
                        "State",
                        "File",
                        "Problems");
        Bundles present = bundles.get();
        if (present != null) {
            for (DeployedBundle bundle : present.all()) {
                if (bundle.problems().isEmpty()) continue;
                sheet.row(
                        bundle.symbolicName(),
                        bundle.version(),
                        bundle.state().name(),
                        bundle.file(),
                        bundle.problems());
            }
            for (RefusedFile refused : present.refusedFiles()) {
                sheet.row(null, null, "REFUSED", refused.file(), List.of(refused.problem()));
            }
        }
        return sheet.build();
    }

    Sheet health() {
        var sheet = Sheet.of("health", "Health", "Component", "Status", "Message", "Details");
        for (HealthComponent component : domains.health().components()) {
            sheet.row(
                    component.name(),
                    component.status().name(),
                    component.message(),
                    component.details());
        }
        return sheet.build();
    }

    /** Where each configured value comes from; a domain that is deleted meanwhile is left out. */
    Sheet origins() {
        var sheet =
                Sheet.of(
                        "origins",
                        "Configuration origins",
                        "Domain",
                        "Path",
                        "Source",
                        "Revision",
                        "Changed by",
                        "Changed at");
        for (Domain domain : domains.all()) {
            try {
                for (ConfigOrigin origin : domain.origins()) {
                    sheet.row(
                            domain.id().value(),
                            origin.path(),
                            origin.source().name(),
                            origin.revision(),
                            origin.changedBy(),
                            origin.changedAt());
                }
            } catch (RefusedException gone) {
                LOG.debug("domain={} tells no origins", domain.id(), gone);
            }
        }
        return sheet.build();
    }

    /** Threads by name: those of workers carry the id of their domain. */
    Sheet threads() {
        var sheet = Sheet.of("threads", "Worker threads", "Domain", "Thread", "State", "Stack");
        List<String> ids = domains.all().stream().map(domain -> domain.id().value()).toList();
        Thread.getAllStackTraces().entrySet().stream()
                .sorted((a, b) -> a.getKey().getName().compareTo(b.getKey().getName()))
                .forEach(entry -> {
                    Thread thread = entry.getKey();
                    for (String id : ids) {
                        if (thread.getName().startsWith(id + WORKER)) {
                            sheet.row(
                                    id,
                                    thread.getName(),
                                    thread.getState().name(),
                                    frames(entry.getValue()));
                        }
                    }
                });
        return sheet.build();
    }

    private static final String WORKER = "-worker-";
    private static final int DEEPEST = 40;

    private static List<String> frames(StackTraceElement... stack) {
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < Math.min(DEEPEST, stack.length); i++) frames.add(stack[i].toString());
        return Collections.unmodifiableList(frames);
    }

    private static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() ? rounded(value.getAsDouble()) : null;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
