// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.error.RefusedException;

/** Commands of the scope {@code policy}: policies, allocation strategies, handlers. Thread-safe. */
@Component(
        service = PolicyCommands.class,
        property = {
            "osgi.command.scope=policy",
            "osgi.command.function=list",
            "osgi.command.function=incidents",
            "osgi.command.function=eject",
            "osgi.command.function=reinstate"
        })
public final class PolicyCommands {
    private static final String KIND = "policy, allocator or handler";
    private static final String NAME = "name, as policy:list shows it";
    private static final String ALL = "";

    private final Catalogue catalogue;

    @Activate
    public PolicyCommands(@Reference Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Descriptor("lists scheduling policies, allocation strategies and task handlers")
    public String list() {
        return Command.run(() -> {
            Table table =
                    new Table(
                            "KIND",
                            "NAME",
                            "VERSION",
                            "STATE",
                            "QUARANTINED UNTIL",
                            "BUNDLE",
                            "USED BY",
                            "EJECTIONS");
            List<CatalogueEntry> entries = new ArrayList<>(catalogue.policies());
            entries.addAll(catalogue.allocators());
            entries.addAll(catalogue.handlers());
            for (CatalogueEntry entry : entries) {
                CatalogueEntry.Facts facts = entry.facts();
                table.row(
                        kind(entry),
                        facts.name(),
                        facts.version(),
                        facts.state(),
                        Text.instant(facts.quarantinedUntil()),
                        facts.bundle() == null
                                ? "built in"
                                : facts.bundle() + " " + facts.bundleVersion(),
                        facts.usedBy().stream()
                                .map(DomainId::value)
                                .collect(Collectors.joining(", ")),
                        facts.ejections().size());
            }
            return table.toString();
        });
    }

    @Descriptor("lists the last incidents: which plugin was taken out of service, and why")
    public String incidents() {
        return Command.run(() -> {
            Table table =
                    new Table("TIME", "KIND", "NAME", "DOMAIN", "REASON", "REPLACED BY", "MESSAGE");
            for (Ejection incident : catalogue.ejections()) {
                table.row(
                        Text.instant(incident.timestamp()),
                        word(incident.kind()),
                        incident.name(),
                        incident.domain(),
                        incident.reason(),
                        incident.replacedBy(),
                        incident.message());
            }
            return table.orElse("there were no incidents");
        });
    }

    @Descriptor("takes a plugin out of service; the built-in fallback takes over")
    public String eject(
            @Parameter(
                            names = {"-d", "--domain"},
                            absentValue = ALL)
                    @Descriptor("only in this domain; else in all")
                    String domain,
            @Parameter(
                            names = {"-r", "--reason"},
                            absentValue = "asked for in the shell")
                    @Descriptor("kept with the incident")
                    String reason,
            @Descriptor(KIND) String kind,
            @Descriptor(NAME) String name) {
        return Command.run(() -> {
            DomainId only = domain.equals(ALL) ? null : DomainId.of(domain);
            List<Ejection> done =
                    Command.await(catalogue.eject(kind(kind), name, only, reason, Command.ACTOR));
            return done.stream()
                    .map(one ->
                            Text.printable(one.name())
                                    + " is ejected"
                                    + (one.domain() == null ? "" : " from " + one.domain())
                                    + (one.replacedBy() == null
                                            ? ""
                                            : ", " + one.replacedBy() + " took over"))
                    .collect(Collectors.joining("\n"));
        });
    }

    @Descriptor("ends the quarantine of a plugin; domains configured for it go back to it")
    public String reinstate(@Descriptor(KIND) String kind, @Descriptor(NAME) String name) {
        return Command.run(() -> {
            CatalogueEntry.Facts facts =
                    Command.await(catalogue.reinstate(kind(kind), name, Command.ACTOR)).facts();
            return Text.printable(facts.name()) + " is " + facts.state();
        });
    }

    private static PluginKind kind(String word) {
        return Arrays.stream(PluginKind.values())
                .filter(kind -> word(kind).equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() ->
                        RefusedException.badInput(
                                "kind", Text.quoted(word) + " is none of " + KIND));
    }

    private static String kind(CatalogueEntry entry) {
        return switch (entry) {
            case CatalogueEntry.PolicyEntry _ -> word(PluginKind.SCHEDULING_POLICY);
            case CatalogueEntry.AllocatorEntry _ -> word(PluginKind.ALLOCATOR);
            case CatalogueEntry.HandlerEntry _ -> word(PluginKind.TASK_HANDLER);
        };
    }

    private static String word(PluginKind kind) {
        return switch (kind) {
            case SCHEDULING_POLICY -> "policy";
            case ALLOCATOR -> "allocator";
            case TASK_HANDLER -> "handler";
        };
    }
}
