// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.DeployedBundle;
import org.spicetime.runtime.graphql.stream.EventSource;

/**
 * Each bundle once, then every change of one, its catalog entries included. What the host tells
 * only says that it is time to look; the reader's thread compares with what it was told last.
 */
final class BundleSource implements EventSource {
    private final Services services;
    private final AtomicBoolean look = new AtomicBoolean(true);
    private final Map<String, DeployedBundle> gone = new ConcurrentHashMap<>();

    /** Used by the reader's thread alone. */
    private final Map<String, Seen> told = new HashMap<>();

    /** Used by the reader's thread alone. */
    private final ArrayDeque<DeployedBundle> waiting = new ArrayDeque<>();

    BundleSource(Services services) {
        this.services = services;
    }

    private record Seen(DeployedBundle bundle, List<CatalogueEntry> entries) {}

    @Override
    public Watch open(Listener listener) {
        Watch bundles =
                services.bundles()
                        .watch(bundle -> {
                            if (bundle.state() == DeployedBundle.State.UNINSTALLED) {
                                gone.put(BundleFields.id(bundle), bundle);
                            }
                            changed(listener);
                        });
        Watch catalogue = services.catalogue().watch(() -> changed(listener));
        changed(listener);
        return () -> {
            bundles.close();
            catalogue.close();
        };
    }

    private void changed(Listener listener) {
        look.set(true);
        listener.next(this);
    }

    @Override
    public @Nullable Object pull() {
        if (waiting.isEmpty() && look.getAndSet(false)) {
            for (String id : List.copyOf(gone.keySet())) {
                DeployedBundle bundle = gone.remove(id);
                told.remove(id);
                if (bundle != null) waiting.add(bundle);
            }
            for (DeployedBundle bundle : services.bundles().all()) {
                Seen now = new Seen(bundle, BundleFields.contributions(services, bundle));
                if (!now.equals(told.put(BundleFields.id(bundle), now))) waiting.add(bundle);
            }
        }
        return waiting.poll();
    }

    @Override
    public Kind kind() {
        return Kind.PULLED;
    }
}
