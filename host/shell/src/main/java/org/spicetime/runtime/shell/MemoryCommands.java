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
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;

/** Commands of the scope {@code memory}. Thread-safe. */
@Component(
        service = MemoryCommands.class,
        property = {
            "osgi.command.scope=memory",
            "osgi.command.function=list",
            "osgi.command.function=show",
            "osgi.command.function=collect"
        })
public final class MemoryCommands {
    private static final String ID = "id of the domain, as domain:list shows it";

    private final Domains domains;

    @Activate
    public MemoryCommands(@Reference Domains domains) {
        this.domains = domains;
    }

    @Descriptor("lists the memory pools of all domains")
    public String list() {
        return Command.run(() -> {
            Table table =
                    new Table(
                            "DOMAIN",
                            "ALLOCATOR",
                            "TOTAL",
                            "USED",
                            "CACHED",
                            "FREE",
                            "LARGEST FREE",
                            "FRAGMENTATION");
            for (Domain domain : domains.all()) {
                MemoryMetrics pool = domain.resources().memory();
                table.row(
                        domain.id(),
                        domain.state().activeAllocator(),
                        Text.bytes(pool.total()),
                        Text.bytes(pool.used()),
                        Text.bytes(pool.cached()),
                        Text.bytes(pool.free()),
                        Text.bytes(pool.largestFree()),
                        Text.percent(pool.fragmentation()));
            }
            return table.orElse("there are no domains");
        });
    }

    @Descriptor("shows the memory pool of one domain, in bytes")
    public String show(@Descriptor(ID) String id) {
        return Command.run(() -> {
            Domain domain = Command.domain(domains, id);
            DomainState state = domain.state();
            MemoryMetrics pool = domain.resources().memory();
            return new Table("DOMAIN", id)
                    .row("allocator", state.activeAllocator())
                    .row("configured size", state.config().memory().poolSizeBytes())
                    .row("total", pool.total())
                    .row("used", pool.used())
                    .row("cached", pool.cached())
                    .row("free", pool.free())
                    .row("largest free block", pool.largestFree())
                    .row("swapped", pool.swapped())
                    .row("leaked", pool.leaked())
                    .row("fragmentation", Text.percent(pool.fragmentation()))
                    .row("collections", pool.collections())
                    .toString();
        });
    }

    @Descriptor("runs a collection of the pool of one domain now")
    public String collect(
            @Parameter(
                            names = {"-c", "--compact"},
                            presentValue = "true",
                            absentValue = "false")
                    @Descriptor("also move live blocks together")
                    boolean compact,
            @Descriptor(ID) String id) {
        return Command.run(() -> {
            CollectionReport report =
                    Command.await(Command.domain(domains, id).collectGarbage(compact));
            return "reclaimed %s, moved %s, took %s, longest pause %s"
                    .formatted(
                            Text.bytes(report.reclaimedBytes()),
                            Text.bytes(report.movedBytes()),
                            Text.millis(report.duration()),
                            Text.millis(report.longestPause()));
        });
    }
}
