// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.bundles;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.DeployedBundle;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.catalogue.RefusedFile;
import org.spicetime.runtime.core.plugins.PluginListener;
import org.spicetime.runtime.core.plugins.PluginRegistry;

/**
 * Watches the bundles of the framework and tells what is wrong with them, once each in the log.
 * Thread-safe; looks at bundles on a thread of its own, which its end joins.
 */
@Component(
        service = {Bundles.class, BundlesService.class},
        immediate = true)
public final class BundlesService implements Bundles {

    private static final Logger LOG = LoggerFactory.getLogger(BundlesService.class);
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private record Key(String symbolicName, Version version, long id) {}

    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::symbolicName)
                    .thenComparing(Key::version)
                    .thenComparingLong(Key::id);

    private record Origin(String file, String sha256) {}

    private final BundleContext context;
    private final PluginRegistry registry;
    private final Contributions contributions;
    private final ComponentProblems components;
    private final Fingerprints fingerprints = new Fingerprints();
    private final SynchronousBundleListener listener = this::bundleChanged;
    private final Watch pluginWatch;
    private final ScheduledExecutorService thread;
    private final AtomicBoolean due = new AtomicBoolean();
    private final AtomicBoolean fingerprintsAsked = new AtomicBoolean();

    private final Map<Long, Map<String, List<String>>> reports = new ConcurrentHashMap<>();
    private final Map<Long, Origin> origins = new ConcurrentHashMap<>();
    private final Map<String, RefusedFile> refused = new ConcurrentSkipListMap<>();
    private final List<Consumer<DeployedBundle>> watchers = new CopyOnWriteArrayList<>();
    private volatile Map<Key, DeployedBundle> snapshot = Map.of();

    /* Of the thread alone. */
    private final Map<Long, Long> startingSince = new HashMap<>();
    private final Map<Long, Set<String>> told = new HashMap<>();

    /** Watches from now on. */
    @Activate
    @SuppressWarnings("FutureReturnValueIgnored") // what runs again and again catches all
    public BundlesService(
            BundleContext context,
            @Reference PluginRegistry registry,
            @Reference Catalogue catalogue,
            @Reference ServiceComponentRuntime runtime) {
        this.context = context;
        this.registry = registry;
        contributions = new Contributions(catalogue);
        components = new ComponentProblems(runtime);
        thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("bundles").daemon().factory());
        context.addBundleListener(listener);
        pluginWatch =
                registry.listen(
                        new PluginListener() {
                            @Override
                            public void arrived(PluginKind kind, String name) {
                                look();
                            }

                            @Override
                            public void left(PluginKind kind, String name) {
                                look();
                            }
                        });
        thread.scheduleWithFixedDelay(this::refresh, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public List<DeployedBundle> all() {
        askFingerprints();
        return List.copyOf(snapshot.values());
    }

    @Override
    public Optional<DeployedBundle> find(String symbolicName) {
        askFingerprints();
        return snapshot.entrySet().stream()
                .filter(entry -> entry.getKey().symbolicName().equals(symbolicName))
                .max(
                        Comparator.comparing((Map.Entry<Key, DeployedBundle> entry) ->
                                        entry.getValue().state() == DeployedBundle.State.ACTIVE)
                                .thenComparing(entry -> entry.getKey().version()))
                .map(Map.Entry::getValue);
    }

    @Override
    public List<RefusedFile> refusedFiles() {
        return List.copyOf(refused.values());
    }

    @Override
    public Watch watch(Consumer<DeployedBundle> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    @Override
    public void report(String symbolicName, String reporter, List<String> problems) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                report(bundle.getBundleId(), reporter, problems);
            }
        }
    }

    /** The same for one bundle by its id in the framework. */
    public void report(long bundleId, String reporter, List<String> problems) {
        reports.computeIfAbsent(bundleId, id -> new ConcurrentSkipListMap<>())
                .put(reporter, List.copyOf(problems));
        look();
    }

    /** From which file in {@code deploy/} a bundle comes. */
    public void deployed(long bundleId, String file, String sha256) {
        origins.put(bundleId, new Origin(file, sha256));
        look();
    }

    /** A file in {@code deploy/} makes no bundle; said once in the log. */
    public void refuse(String file, String problem) {
        RefusedFile before = refused.get(file);
        if (before == null || !before.problem().equals(problem)) {
            LOG.error("deploy/{}: {}", file, problem);
            refused.put(file, new RefusedFile(file, Instant.now(), problem));
        }
    }

    /** What was wrong with a file in {@code deploy/} is not any more. */
    public void accept(String file) {
        refused.remove(file);
    }

    /** Looks at the bundles soon. */
    private void look() {
        if (due.compareAndSet(false, true)) {
            run(this::refresh);
        }
    }

    private void run(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException hostStops) {
            LOG.debug("not looked at bundles: the host stops");
        }
    }

    private void askFingerprints() {
        if (fingerprintsAsked.compareAndSet(false, true)) {
            run(() -> {
                for (Bundle bundle : context.getBundles()) {
                    fingerprints.read(bundle);
                }
                refresh();
            });
        }
    }

    /* Inside the framework's own call: what was said of the old content is void at once. */
    private void bundleChanged(BundleEvent event) {
        long id = event.getBundle().getBundleId();
        if (event.getType() == BundleEvent.UPDATED || event.getType() == BundleEvent.UNINSTALLED) {
            reports.remove(id);
        }
        if (event.getType() == BundleEvent.UNINSTALLED) {
            origins.remove(id);
        }
        look();
    }

    private void refresh() {
        due.set(false);
        try {
            Map<Key, DeployedBundle> before = snapshot;
            Map<Key, DeployedBundle> now = new ConcurrentSkipListMap<>(ORDER);
            MissingRequirements missing = new MissingRequirements(context.getBundle(0));
            Map<Contributions.Owner, List<DeployedBundle.Contribution>> offered =
                    contributions.byOwner();
            for (Bundle bundle : context.getBundles()) {
                DeployedBundle deployed = describe(bundle, missing, offered);
                now.put(
                        new Key(deployed.symbolicName(), bundle.getVersion(), bundle.getBundleId()),
                        deployed);
            }
            snapshot = now;
            tell(before, now);
        } catch (IllegalStateException hostStops) {
            LOG.debug("not looked at bundles: {}", hostStops.getMessage());
        } catch (RuntimeException e) {
            LOG.error("bundles could not be looked at", e);
        }
    }

    private DeployedBundle describe(
            Bundle bundle,
            MissingRequirements missing,
            Map<Contributions.Owner, List<DeployedBundle.Contribution>> offered) {
        long id = bundle.getBundleId();
        String name = Optional.ofNullable(bundle.getSymbolicName()).orElse("bundle-" + id);
        String version = bundle.getVersion().toString();
        Origin origin = origins.get(id);
        return new DeployedBundle(
                name,
                version,
                bundle.getHeaders().get(Constants.BUNDLE_NAME),
                bundle.getHeaders().get(Constants.BUNDLE_VENDOR),
                state(bundle),
                Instant.ofEpochMilli(bundle.getLastModified()),
                origin == null ? fingerprints.of(bundle) : origin.sha256(),
                Fingerprints.isShipped(bundle),
                origin == null ? null : origin.file(),
                offered.getOrDefault(new Contributions.Owner(name, version), List.of()),
                problems(bundle, name, version, missing));
    }

    private static DeployedBundle.State state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> DeployedBundle.State.INSTALLED;
            case Bundle.RESOLVED -> DeployedBundle.State.RESOLVED;
            case Bundle.STARTING -> DeployedBundle.State.STARTING;
            case Bundle.ACTIVE -> DeployedBundle.State.ACTIVE;
            case Bundle.STOPPING -> DeployedBundle.State.STOPPING;
            default -> DeployedBundle.State.UNINSTALLED;
        };
    }

    private List<String> problems(
            Bundle bundle, String name, String version, MissingRequirements missing) {
        List<String> problems = new ArrayList<>(missing.of(bundle));
        reports.getOrDefault(bundle.getBundleId(), Map.of()).values().forEach(problems::addAll);
        if (!Fingerprints.isShipped(bundle)) {
            problems.addAll(components.of(bundle));
            slowStart(bundle, problems);
        }
        List<String> fromRegistry =
                registry.problems().stream()
                        .filter(problem -> problem.origin().bundle().equals(name))
                        .filter(problem -> problem.origin().version().equals(version))
                        .map(problem -> problem.message())
                        .toList();
        log(bundle, problems, fromRegistry);
        problems.addAll(fromRegistry);
        return problems;
    }

    /* Only of bundles whose deployer does not tell of it. */
    private void slowStart(Bundle bundle, List<String> problems) {
        long id = bundle.getBundleId();
        String policy = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY);
        boolean lazy = policy != null && policy.startsWith(Constants.ACTIVATION_LAZY);
        if (bundle.getState() != Bundle.STARTING || lazy || origins.containsKey(id)) {
            startingSince.remove(id);
            return;
        }
        long since = startingSince.computeIfAbsent(id, any -> System.nanoTime());
        if (System.nanoTime() - since > START_LIMIT.toNanos()) {
            problems.add(
                    "its activator has not returned for more than "
                            + START_LIMIT.toSeconds()
                            + " s; an activator must return at once and leave long work to a"
                            + " thread");
        }
    }

    /** The registry has logged its own already. */
    private void log(Bundle bundle, List<String> problems, List<String> logged) {
        Set<String> now = new HashSet<>(problems);
        Set<String> before = told.getOrDefault(bundle.getBundleId(), Set.of());
        for (String problem : problems) {
            if (!before.contains(problem)) {
                LOG.error(
                        "bundle {} {}: {}", bundle.getSymbolicName(), bundle.getVersion(), problem);
            }
        }
        boolean up = bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.RESOLVED;
        if (up && now.isEmpty() && !before.isEmpty() && logged.isEmpty()) {
            LOG.info(
                    "bundle {} {}: nothing is wrong with it any more",
                    bundle.getSymbolicName(),
                    bundle.getVersion());
        }
        told.put(bundle.getBundleId(), now);
    }

    private void tell(Map<Key, DeployedBundle> before, Map<Key, DeployedBundle> now) {
        Set<Long> ids = new HashSet<>();
        now.forEach((key, bundle) -> {
            ids.add(key.id());
            if (!bundle.equals(before.get(key))) {
                tell(bundle);
            }
        });
        before.forEach((key, bundle) -> {
            if (!ids.contains(key.id())) {
                told.remove(key.id());
                tell(gone(bundle));
            }
        });
    }

    private static DeployedBundle gone(DeployedBundle bundle) {
        return new DeployedBundle(
                bundle.symbolicName(),
                bundle.version(),
                bundle.name(),
                bundle.vendor(),
                DeployedBundle.State.UNINSTALLED,
                Instant.now(),
                bundle.sha256(),
                bundle.core(),
                bundle.file(),
                List.of(),
                List.of());
    }

    private void tell(DeployedBundle bundle) {
        for (Consumer<DeployedBundle> watcher : watchers) {
            try {
                watcher.accept(bundle);
            } catch (RuntimeException e) {
                LOG.error("a watcher failed on bundle {}", bundle.symbolicName(), e);
            }
        }
    }

    /** Ends the watching and its thread. */
    @Deactivate
    public void close() {
        pluginWatch.close();
        context.removeBundleListener(listener);
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("thread bundles did not end within 2 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
