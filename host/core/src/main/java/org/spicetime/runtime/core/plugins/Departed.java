// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.AllocatorEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.HandlerEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.PolicyEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.core.plugins.Quarantine.Name;

/**
 * The last that was known of plugins which are not here any more; nothing of it belongs to their
 * classes. Thread-safe.
 */
final class Departed {

    private final Map<Name, CatalogueEntry> last = new ConcurrentHashMap<>();

    /** A plugin came or went. */
    void note(Shelf.Change change) {
        Name name = new Name(change.kind(), change.name());
        Plugin before = change.before();
        if (change.after() != null) {
            last.remove(name);
        } else if (before != null) {
            last.put(name, Entries.of(before, CatalogueState.UNAVAILABLE, null));
        }
    }

    /** Whether it was here once. */
    boolean knows(PluginKind kind, String name) {
        return last.containsKey(new Name(kind, name));
    }

    /** The policies that are still of interest, as they are shown. */
    List<PolicyEntry> policies(PluginUsage usage, Function<Name, List<Ejection>> incidents) {
        return shown(
                PolicyEntry.class,
                usage,
                incidents,
                (entry, facts) ->
                        new PolicyEntry(facts, entry.descriptor(), entry.admissionControl()));
    }

    /** The allocation strategies that are still of interest, as they are shown. */
    List<AllocatorEntry> allocators(PluginUsage usage, Function<Name, List<Ejection>> incidents) {
        return shown(
                AllocatorEntry.class,
                usage,
                incidents,
                (entry, facts) -> new AllocatorEntry(facts, entry.descriptor()));
    }

    /** The handlers that are still of interest, as they are shown. */
    List<HandlerEntry> handlers(PluginUsage usage, Function<Name, List<Ejection>> incidents) {
        return shown(
                HandlerEntry.class,
                usage,
                incidents,
                (entry, facts) ->
                        new HandlerEntry(facts, entry.defaultFor(), entry.resultSchema()));
    }

    private interface Shown<E extends CatalogueEntry> {
        E of(E entry, CatalogueEntry.Facts facts);
    }

    private <E extends CatalogueEntry> List<E> shown(
            Class<E> type,
            PluginUsage usage,
            Function<Name, List<Ejection>> incidents,
            Shown<E> with) {
        return last.entrySet().stream()
                .filter(one -> type.isInstance(one.getValue()))
                .map(one -> {
                    E entry = type.cast(one.getValue());
                    Name name = one.getKey();
                    return with.of(
                            entry,
                            Entries.with(
                                    entry.facts(),
                                    usage.configured(name.kind(), name.name()),
                                    incidents.apply(name)));
                })
                .filter(entry ->
                        !entry.facts().usedBy().isEmpty() || !entry.facts().ejections().isEmpty())
                .toList();
    }
}
