// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The framework with the bundles of the installation in it. Called by one thread at a time.
 *
 * <p>Every shipped bundle must resolve before the first one is started, and be up when its start
 * level is reached; otherwise the start is refused with all of them in one message. Bundles above
 * level {@value #SERVING_LEVEL} are what operators look with: they start when the host is ready, so
 * that nobody waits for them. Bundles that come later are not looked at here.
 */
final class Host {
    private static final int SERVING_LEVEL = 50;
    private static final int LAST_START_LEVEL = 100;
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final int LOOK_MILLIS = 100;

    private final Framework framework;
    private final Map<Long, Throwable> problems = new ConcurrentHashMap<>();
    private final Map<Bundle, String> shipped = new TreeMap<>();

    Host(Map<String, String> settings) {
        framework =
                ServiceLoader.load(FrameworkFactory.class)
                        .findFirst()
                        .orElseThrow()
                        .newFramework(settings);
    }

    Framework framework() {
        return framework;
    }

    /** Installs and resolves; no bundle runs yet. */
    void install(List<ShippedBundles.Shipped> bundles) throws StartRefusedException {
        List<String> refused = new ArrayList<>();
        try {
            framework.init();
        } catch (BundleException e) {
            throw StartRefusedException.failed(
                    "the OSGi framework does not start: " + Sentence.of(e) + ".", e);
        }
        BundleContext context = framework.getBundleContext();
        context.addFrameworkListener(this::noteProblem);
        for (ShippedBundles.Shipped bundle : bundles) {
            String name = String.valueOf(bundle.file().getFileName());
            try {
                Bundle installed = context.installBundle("reference:" + bundle.file().toUri());
                installed.adapt(BundleStartLevel.class).setStartLevel(bundle.startLevel());
                shipped.put(installed, name);
            } catch (BundleException | RuntimeException e) {
                refused.add(name + " (cannot be installed: " + Sentence.of(e) + ")");
            }
        }
        framework.adapt(FrameworkWiring.class).resolveBundles(shipped.keySet());
        shipped.forEach((bundle, name) -> {
            if (bundle.getState() == Bundle.INSTALLED) {
                refused.add(name + " (" + whyUnresolved(bundle) + ")");
            }
        });
        requireNone(refused);
    }

    /** Starts what the host needs to serve, level by level, and looks whether each bundle is up. */
    void start() throws StartRefusedException, InterruptedException {
        try {
            for (Bundle bundle : shipped.keySet()) {
                if (!BundleAudit.isFragment(bundle)) {
                    bundle.start(Bundle.START_ACTIVATION_POLICY);
                }
            }
            framework.start();
        } catch (BundleException e) {
            throw StartRefusedException.failed(
                    "the OSGi framework does not start: " + Sentence.of(e) + ".", e);
        }
        boolean inTime = raise(SERVING_LEVEL);
        requireNone(notUp(1, SERVING_LEVEL));
        if (!inTime) {
            throw StartRefusedException.failed(
                    "the bundles were not started within "
                            + START_LIMIT.toSeconds()
                            + " s; the log says what they did.");
        }
    }

    /** Starts all others; the bundles that are not up then, each with the reason. */
    List<String> startOthers() throws InterruptedException {
        raise(LAST_START_LEVEL);
        return framework.getState() == Bundle.ACTIVE
                ? notUp(SERVING_LEVEL + 1, LAST_START_LEVEL)
                : List.of();
    }

    private boolean raise(int level) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        FrameworkListener listener = event -> noteLevel(event, reached);
        BundleContext context = framework.getBundleContext();
        context.addFrameworkListener(listener);
        framework.adapt(FrameworkStartLevel.class).setStartLevel(level);
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!reached.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (framework.getState() != Bundle.ACTIVE || System.nanoTime() - end > 0) {
                return false;
            }
        }
        context.removeFrameworkListener(listener);
        return true;
    }

    private List<String> notUp(int fromLevel, int toLevel) {
        List<String> found = new ArrayList<>();
        shipped.forEach((bundle, name) -> {
            int level = bundle.adapt(BundleStartLevel.class).getStartLevel();
            if (fromLevel <= level && level <= toLevel) {
                BundleAudit.problem(BundleAudit.Standing.of(bundle))
                        .ifPresent(state -> found.add(name + " (" + state + because(bundle) + ")"));
            }
        });
        return found;
    }

    /**
     * Installs and starts the bundles of a shell. It finds its terminal by the context class loader
     * of the thread that starts it, and by its own loader only if there is none.
     */
    void startShell(List<Path> files) throws StartRefusedException {
        Thread current = Thread.currentThread();
        ClassLoader ours = current.getContextClassLoader();
        current.setContextClassLoader(null);
        try {
            List<Bundle> bundles = new ArrayList<>();
            for (Path file : files) {
                bundles.add(
                        framework.getBundleContext().installBundle("reference:" + file.toUri()));
            }
            for (Bundle bundle : bundles) {
                bundle.start();
            }
        } catch (BundleException e) {
            throw StartRefusedException.failed(
                    "the shell does not start: " + Sentence.of(e) + "; start without --shell.", e);
        } finally {
            current.setContextClassLoader(ours);
        }
    }

    URI awaitReady(Readiness readiness, ListenAddress listen)
            throws StartRefusedException, InterruptedException {
        return readiness.await(framework.getBundleContext(), listen);
    }

    /**
     * Events come in their order, so when this one does, every problem on the way has been noted.
     */
    private static void noteLevel(FrameworkEvent event, CountDownLatch reached) {
        if (event.getType() == FrameworkEvent.STARTLEVEL_CHANGED) {
            reached.countDown();
        }
    }

    private void noteProblem(FrameworkEvent event) {
        Throwable problem = event.getThrowable();
        if (event.getType() == FrameworkEvent.ERROR && problem != null) {
            problems.put(event.getBundle().getBundleId(), problem);
        }
    }

    private static String whyUnresolved(Bundle bundle) {
        try {
            bundle.loadClass("org.spicetime.runtime.launcher.AnyName");
            return "not resolved";
        } catch (ClassNotFoundException e) {
            return Sentence.of(Optional.ofNullable(e.getCause()).orElse(e));
        }
    }

    private String because(Bundle bundle) {
        Throwable problem = problems.get(bundle.getBundleId());
        return problem == null ? "" : ": " + Sentence.of(problem);
    }

    private static void requireNone(List<String> refused) throws StartRefusedException {
        if (!refused.isEmpty()) {
            throw StartRefusedException.failed(
                    refused.size()
                            + (refused.size() == 1 ? " bundle" : " bundles")
                            + " of the installation cannot run: "
                            + String.join("; ", refused)
                            + "; unpack the installation again, or remove what was added to it.");
        }
    }
}
