// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.core.bundles.BundlesService;

/**
 * Takes every file of {@code deploy/} from FileInstall. FileInstall is told at once that all is
 * well and goes on scanning; the work is done beside it, and what goes wrong is reported to {@link
 * BundlesService}. Thread-safe. A call into a bundle that does not return in time is reported and
 * interrupted once; only that file's thread waits for it.
 */
@Component(
        service = ArtifactInstaller.class,
        immediate = true,
        property = Constants.SERVICE_RANKING + ":Integer=1000")
public final class DeployFolder implements ArtifactInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);
    private static final String REPORTER = "deploy";
    private static final String CALL_SECONDS = "deploy.call.seconds";
    private static final long DEFAULT_CALL_SECONDS = 10;
    private static final long MOST_CALL_SECONDS = 600;
    private static final Duration REFRESH_LIMIT = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);
    private static final long LOOK_MILLIS = 250;

    private final BundleContext context;
    private final BundlesService bundles;
    private final Path folder;
    private final Duration callLimit;
    private final ExecutorService workers;
    private final ScheduledExecutorService watchman;
    private final Map<String, DeployedFile> files = new ConcurrentHashMap<>();
    private final Set<Operation> underWay = ConcurrentHashMap.newKeySet();
    private final Set<Operation> late = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Takes files from now on. */
    @Activate
    @SuppressWarnings("FutureReturnValueIgnored") // what runs again and again catches all
    public DeployFolder(BundleContext context, @Reference BundlesService bundles) {
        this.context = context;
        this.bundles = bundles;
        String instance = context.getProperty("spicetime.instance");
        folder = real(Path.of(instance == null ? "" : instance).resolve("deploy"));
        callLimit = callLimit(context.getProperty(CALL_SECONDS));
        workers =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name("deploy-", 1).daemon().factory());
        watchman =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("deploy-watch").daemon().factory());
        watchman.scheduleWithFixedDelay(
                this::lookAfter, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static Duration callLimit(@Nullable String configured) {
        if (configured == null) {
            return Duration.ofSeconds(DEFAULT_CALL_SECONDS);
        }
        if (configured.strip().matches("\\d{1,3}")) {
            long seconds = Long.parseLong(configured.strip());
            if (seconds >= 1 && seconds <= MOST_CALL_SECONDS) {
                return Duration.ofSeconds(seconds);
            }
        }
        LOG.error(
                "{} must be a whole number, 1 .. {}, was {}; {} is used",
                CALL_SECONDS,
                MOST_CALL_SECONDS,
                configured,
                DEFAULT_CALL_SECONDS);
        return Duration.ofSeconds(DEFAULT_CALL_SECONDS);
    }

    private static Path real(Path path) {
        try {
            return path.toFile().getCanonicalFile().toPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }

    @Override
    public boolean canHandle(File artifact) {
        File parent = artifact.getParentFile();
        return parent != null && real(parent.toPath()).equals(folder);
    }

    @Override
    public void install(File artifact) {
        changed(artifact);
    }

    @Override
    public void update(File artifact) {
        changed(artifact);
    }

    @Override
    public void uninstall(File artifact) {
        changed(artifact);
    }

    private void changed(File artifact) {
        files.computeIfAbsent(
                        artifact.getName(), name -> new DeployedFile(this, folder.resolve(name)))
                .changed();
    }

    /* ---- for the files ---- */

    BundleContext context() {
        return context;
    }

    BundlesService bundles() {
        return bundles;
    }

    void work(Runnable work) {
        if (!closed) {
            workers.execute(work);
        }
    }

    /** Something came or went: what waits for it may go on. */
    void retryOthers(DeployedFile but) {
        for (DeployedFile file : files.values()) {
            if (file != but) {
                file.retry();
            }
        }
    }

    /** The name of the file a bundle came from, as a sentence needs it. */
    String sourceOf(Bundle bundle) {
        return files.values().stream()
                .filter(file -> bundle.equals(file.bundle()))
                .map(file -> "deploy/" + file.name())
                .findFirst()
                .orElse(bundle.getLocation());
    }

    void report(Bundle bundle, List<String> problems) {
        bundles.report(bundle.getBundleId(), REPORTER, problems);
    }

    /** Makes a call that runs code of a bundle. */
    <T> T watched(Bundle bundle, String what, Callable<T> call) throws Exception {
        Operation operation =
                new Operation(Thread.currentThread(), bundle, what, System.nanoTime());
        underWay.add(operation);
        try {
            return call.call();
        } finally {
            underWay.remove(operation);
            if (late.remove(operation)) {
                // An interrupt that came after the call must not hit what follows.
                Thread.interrupted();
                report(bundle, List.of());
            }
        }
    }

    /** Lets users of a bundle's old classes get the new ones. */
    void refresh(Bundle bundle) throws InterruptedException {
        FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        if (wiring.getDependencyClosure(List.of(bundle)).size() <= 1) {
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        wiring.refreshBundles(
                List.of(bundle),
                event -> {
                    if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                        done.countDown();
                    }
                });
        if (!done.await(REFRESH_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("bundles that use {} were not refreshed within {}", bundle, REFRESH_LIMIT);
        }
    }

    private void lookAfter() {
        try {
            tellLate();
        } catch (RuntimeException e) {
            LOG.error("late calls into bundles could not be told", e);
        }
    }

    private void tellLate() {
        for (Operation operation : underWay) {
            if (operation.ageNanos() > callLimit.toNanos() && late.add(operation)) {
                report(
                        operation.bundle(),
                        List.of(
                                "its "
                                        + operation.what()
                                        + " has not returned for more than "
                                        + callLimit.toSeconds()
                                        + " s"
                                        + operation.where().map(at -> " and is at " + at).orElse("")
                                        + "; leave long work to a thread. It was interrupted; if it"
                                        + " does not heed that, only a restart of the host removes"
                                        + " it"));
                operation.thread().interrupt();
            }
        }
    }

    /** Ends all work; a bundle that hangs is left to its fate and named in the log. */
    @Deactivate
    public void close() {
        closed = true;
        watchman.shutdownNow();
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                underWay.forEach(operation ->
                        LOG.warn(
                                "{} of bundle {} does not return",
                                operation.what(),
                                operation.bundle()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
