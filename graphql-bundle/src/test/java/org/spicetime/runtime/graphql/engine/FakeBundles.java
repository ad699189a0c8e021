// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.catalogue.DeployedBundle;
import org.spicetime.runtime.api.catalogue.DeployedBundle.Contribution;
import org.spicetime.runtime.api.catalogue.DeployedBundle.State;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.catalogue.RefusedFile;

/** The bundles of the host in a test's hands. */
final class FakeBundles implements Bundles {
    private final Map<String, DeployedBundle> bundles = new ConcurrentSkipListMap<>();
    final List<Consumer<DeployedBundle>> listeners = new CopyOnWriteArrayList<>();
    final Map<String, List<String>> reported = new TreeMap<>();

    FakeBundles() {
        put("bundle.EDF", State.ACTIVE, new Contribution(PluginKind.SCHEDULING_POLICY, "EDF"));
        put("bundle.digest", State.ACTIVE, new Contribution(PluginKind.TASK_HANDLER, "digest"));
    }

    void put(String name, State state, Contribution... contributions) {
        DeployedBundle bundle = bundle(name, state, contributions);
        bundles.put(name, bundle);
        listeners.forEach(listener -> listener.accept(bundle));
    }

    void remove(String name) {
        Objects.requireNonNull(bundles.remove(name));
        DeployedBundle gone = bundle(name, State.UNINSTALLED);
        listeners.forEach(listener -> listener.accept(gone));
    }

    private static DeployedBundle bundle(String name, State state, Contribution... contributions) {
        return new DeployedBundle(
                name,
                "1.0.0",
                "Bundle " + name,
                null,
                state,
                FakeDomain.CREATED,
                null,
                false,
                null,
                List.of(contributions),
                List.of());
    }

    @Override
    public List<DeployedBundle> all() {
        return List.copyOf(bundles.values());
    }

    @Override
    public Optional<DeployedBundle> find(String symbolicName) {
        return Optional.ofNullable(bundles.get(symbolicName));
    }

    @Override
    public List<RefusedFile> refusedFiles() {
        return List.of();
    }

    @Override
    public Watch watch(Consumer<DeployedBundle> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void report(String symbolicName, String reporter, List<String> problems) {
        reported.put(symbolicName + " " + reporter, problems);
    }
}
