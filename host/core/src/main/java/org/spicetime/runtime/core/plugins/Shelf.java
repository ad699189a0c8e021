// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.PluginKind;

/**
 * All plugins of one kind, by name; of several with one name the first is in charge. Thread-safe:
 * copied on write, so readers see a consistent state without waiting.
 *
 * @param <T> the kind
 */
final class Shelf<T extends Plugin> {

    /** A plugin of a bundle, with its service object. Immutable. */
    record Entry<T extends Plugin>(Object service, PluginOrigin origin, T plugin) {}

    /** Who was in charge of a name before, and who is now. Immutable. */
    record Change(PluginKind kind, String name, @Nullable Plugin before, @Nullable Plugin after) {

        boolean isNone() {
            return before == after;
        }
    }

    private final PluginKind kind;
    private final @Nullable T builtIn;
    private volatile Map<String, List<Entry<T>>> entries = Map.of();

    Shelf(PluginKind kind, @Nullable T builtIn) {
        this.kind = kind;
        this.builtIn = builtIn;
    }

    PluginKind kind() {
        return kind;
    }

    /** The plugin that is part of the host; null: this kind has none. */
    @Nullable T builtIn() {
        return builtIn;
    }

    boolean isBuiltIn(String name) {
        return builtIn != null && builtIn.name().equals(name);
    }

    synchronized Change add(Entry<T> entry) {
        String name = entry.plugin().name();
        Plugin before = inCharge(name);
        List<Entry<T>> same = new ArrayList<>(entries.getOrDefault(name, List.of()));
        same.add(entry);
        same.sort(Comparator.comparing(Entry::origin));
        put(name, same);
        return new Change(kind, name, before, inCharge(name));
    }

    /** Null: the service is not here. */
    @SuppressWarnings("ReferenceEquality") // the same service, not an equal one
    synchronized @Nullable Change remove(Object service) {
        for (Map.Entry<String, List<Entry<T>>> named : entries.entrySet()) {
            List<Entry<T>> left = new ArrayList<>(named.getValue());
            if (left.removeIf(entry -> entry.service() == service)) {
                String name = named.getKey();
                Plugin before = inCharge(name);
                put(name, left);
                return new Change(kind, name, before, inCharge(name));
            }
        }
        return null;
    }

    private void put(String name, List<Entry<T>> same) {
        Map<String, List<Entry<T>>> copy = new TreeMap<>(entries);
        if (same.isEmpty()) {
            copy.remove(name);
        } else {
            copy.put(name, List.copyOf(same));
        }
        entries = Collections.unmodifiableMap(copy);
    }

    /** The plugin in charge of a name, the built-in one included. */
    @Nullable T inCharge(String name) {
        if (isBuiltIn(name)) {
            return builtIn;
        }
        List<Entry<T>> same = entries.get(name);
        return same == null ? null : same.getFirst().plugin();
    }

    /** The plugins in charge, ordered by name, the built-in one included. */
    List<T> all() {
        List<T> all = new ArrayList<>();
        entries.values().forEach(same -> all.add(same.getFirst().plugin()));
        if (builtIn != null) {
            all.add(builtIn);
        }
        all.sort(Comparator.comparing(Plugin::name));
        return all;
    }

    /** The plugins of bundles, those that should be preferred first. */
    List<T> preferred() {
        return entries.values().stream()
                .map(List::getFirst)
                .sorted(Comparator.comparing(Entry::origin))
                .map(Entry::plugin)
                .toList();
    }

    /** Plugins whose name another one has taken. */
    List<Entry<T>> shadowed() {
        return entries.values().stream().flatMap(same -> same.stream().skip(1)).toList();
    }

    /** The bundle in charge of a name. */
    PluginOrigin winner(String name) {
        return Objects.requireNonNull(entries.get(name), name).getFirst().origin();
    }
}
