// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.systemPackage;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.TestAddress;
import org.ops4j.pax.exam.nat.internal.NativeTestContainer;
import org.ops4j.pax.exam.nat.internal.NativeTestContainerFactory;
import org.ops4j.pax.exam.spi.DefaultExamSystem;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.integrationtests.Installation;

/**
 * A framework with the bundles and the properties of the distribution, on an instance directory of
 * its own and any free port. Called by one thread at a time.
 */
final class FrameworkUnderTest implements AutoCloseable {

    /** Packages of the test libraries; both sides of a call must see the same classes. */
    private static final List<String> TEST_PACKAGES =
            List.of(
                    "org.assertj.core.api",
                    "org.assertj.core.api.iterable",
                    "org.assertj.core.data",
                    "org.awaitility",
                    "org.awaitility.core",
                    "org.hamcrest",
                    "org.junit.jupiter.api",
                    "org.junit.jupiter.api.extension",
                    "org.junit.jupiter.api.function",
                    "org.junit.jupiter.params",
                    "org.junit.jupiter.params.provider",
                    "org.junit.platform.commons.support",
                    "org.junit.platform.commons.util",
                    "org.opentest4j");

    private static final int LAST_START_LEVEL = 100;
    private static final long START_LIMIT_MILLIS = 180_000;
    private static final long READY_LIMIT_MILLIS = 120_000;

    private final NativeTestContainer container;
    private final Map<String, String> identity;

    private FrameworkUnderTest(NativeTestContainer container, Map<String, String> identity) {
        this.container = container;
        this.identity = identity;
    }

    static FrameworkUnderTest start(Class<?> tests) throws IOException {
        // Our own side reads its configuration now; what follows configures the logging inside.
        LoggerFactory.getILoggerFactory();
        Installation installation = Installation.assembled();
        Path instance = freshInstance(tests);
        Map<String, String> identity = identity(installation, instance);
        identity.forEach(System::setProperty);
        ExamSystem system = DefaultExamSystem.create(options(installation, instance, identity));
        NativeTestContainer container =
                (NativeTestContainer) new NativeTestContainerFactory().create(system)[0];
        FrameworkUnderTest framework = new FrameworkUnderTest(container, identity);
        Thread current = Thread.currentThread();
        ClassLoader ours = current.getContextClassLoader();
        // The threads of the framework inherit it; libraries inside must not find ours through it.
        current.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            container.start();
            framework.requireAllBundlesUp();
            framework.awaitReady(installation.hostProperties(instance));
            container.install(Probe.bundle());
        } catch (IOException | RuntimeException | AssertionError e) {
            framework.close();
            throw e;
        } finally {
            current.setContextClassLoader(ours);
        }
        return framework;
    }

    void call(TestAddress method) {
        container.call(method);
    }

    @Override
    public void close() {
        container.stop();
        identity.keySet().forEach(System::clearProperty);
    }

    private static Option[] options(
            Installation installation, Path instance, Map<String, String> identity)
            throws IOException {
        List<Option> options = new ArrayList<>();
        for (Installation.Shipped shipped : installation.bundles()) {
            options.add(
                    bundle("reference:" + shipped.jar().toUri()).startLevel(shipped.startLevel()));
        }
        Map<String, String> properties = installation.hostProperties(instance);
        properties.putAll(identity);
        properties.put("org.osgi.service.http.port", "0");
        properties.put("felix.cache.locking", "false");
        properties.forEach((name, value) -> options.add(frameworkProperty(name).value(value)));
        for (String name : TEST_PACKAGES) {
            options.add(systemPackage(name));
        }
        options.add(cleanCaches());
        options.add(frameworkStartLevel(LAST_START_LEVEL));
        options.add(systemTimeout(START_LIMIT_MILLIS));
        return options.toArray(Option[]::new);
    }

    /** What the launcher tells, to the framework and as system properties. */
    private static Map<String, String> identity(Installation installation, Path instance) {
        return Map.of(
                "spicetime.home", installation.home().toString(),
                "spicetime.instance", instance.toString(),
                "spicetime.host.id", UUID.randomUUID().toString(),
                "spicetime.host.incarnation", UUID.randomUUID().toString(),
                "logback.configurationFile",
                        installation.home().resolve("etc/logback.xml").toString());
    }

    private static Path freshInstance(Class<?> tests) throws IOException {
        Path parent = Files.createDirectories(Path.of("target/osgi").toAbsolutePath());
        Path instance = Files.createTempDirectory(parent, tests.getSimpleName() + "-");
        for (String folder :
                List.of("etc/domains", "deploy", "store", "cache/tmp", "secrets", "audit", "log")) {
            // For the owner only, as the launcher makes them.
            Files.createDirectories(
                    instance.resolve(folder),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        return instance;
    }

    /** The container only logs what does not resolve or start. */
    private void requireAllBundlesUp() {
        List<String> down = new ArrayList<>();
        for (Bundle bundle : container.getSystemBundle().getBundleContext().getBundles()) {
            boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
            String activation = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY);
            boolean lazy = activation != null && activation.startsWith(Constants.ACTIVATION_LAZY);
            boolean up =
                    switch (bundle.getState()) {
                        case Bundle.ACTIVE -> true;
                        case Bundle.RESOLVED -> fragment;
                        case Bundle.STARTING -> lazy;
                        default -> false;
                    };
            if (!up) {
                down.add(bundle + " is in state " + bundle.getState() + why(bundle));
            }
        }
        if (!down.isEmpty()) {
            throw new AssertionError("bundles that are not up: " + down);
        }
    }

    /** As the launcher does before it says that the host is ready. */
    private void awaitReady(Map<String, String> properties) {
        BundleContext context = container.getSystemBundle().getBundleContext();
        for (String filter : properties.getOrDefault("launcher.await", "").split("\\s+")) {
            try {
                ServiceTracker<Object, Object> tracker =
                        new ServiceTracker<>(context, context.createFilter(filter), null);
                tracker.open(true);
                Object found = tracker.waitForService(READY_LIMIT_MILLIS);
                tracker.close();
                if (found == null) {
                    throw new AssertionError("no service matches " + filter);
                }
            } catch (InvalidSyntaxException e) {
                throw new AssertionError("launcher.await holds no filter: " + filter, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + filter, e);
            }
        }
    }

    private static String why(Bundle bundle) {
        if (bundle.getState() != Bundle.INSTALLED && bundle.getState() != Bundle.RESOLVED) {
            return "";
        }
        try {
            bundle.start();
            return " (and starts now)";
        } catch (org.osgi.framework.BundleException e) {
            return " (" + e.getMessage() + ")";
        }
    }
}
