// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.catalogue.PluginKind;

/** The deployed plugins that cannot be used, and why. Thread-safe. */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final Map<Object, PluginProblem> refused = new ConcurrentHashMap<>();

    private record Identity(Object service) {
        @Override
        @SuppressWarnings("ReferenceEquality") // the same service, not an equal one
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity that && that.service == service;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(service);
        }
    }

    void add(
            PluginKind kind,
            @Nullable String name,
            Object service,
            PluginOrigin origin,
            String why,
            @Nullable Throwable cause) {
        LOG.error("{} of bundle {} is refused: {}", PluginRegistry.text(kind), origin, why, cause);
        refused.put(new Identity(service), new PluginProblem(kind, name, origin, why));
    }

    void remove(Object service) {
        refused.remove(new Identity(service));
    }

    /** The refused ones, and those of the shelves whose name is taken. */
    List<PluginProblem> problems(List<Shelf<?>> shelves) {
        List<PluginProblem> problems = new ArrayList<>(refused.values());
        for (Shelf<?> shelf : shelves) {
            for (Shelf.Entry<?> entry : shelf.shadowed()) {
                problems.add(shadowed(shelf, entry));
            }
        }
        return problems;
    }

    private static PluginProblem shadowed(Shelf<?> shelf, Shelf.Entry<?> entry) {
        String name = entry.plugin().name();
        Plugin winner = shelf.inCharge(name);
        return new PluginProblem(
                shelf.kind(),
                name,
                entry.origin(),
                "another bundle offers the same name: "
                        + (winner == null ? "gone meanwhile" : winner.origin()));
    }
}
