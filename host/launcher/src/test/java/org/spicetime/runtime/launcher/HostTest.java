// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.startlevel.BundleStartLevel;

class HostTest {
    @TempDir Path home;
    private Host host = new Host(Map.of());

    @AfterEach
    void stop() throws BundleException, InterruptedException {
        host.framework().stop();
        host.framework().waitForStop(10_000);
    }

    @Test
    void bundlesStartInTheLevelOfTheirFolderAndFragmentsAreLeftAlone() throws Exception {
        bundle("05/b.jar", Map.of("Import-Package", "p"));
        bundle("15/a.jar", Map.of("Export-Package", "p"));
        bundle("15/f.jar", Map.of("Fragment-Host", "a"));
        bundle("20/l.jar", Map.of("Bundle-ActivationPolicy", "lazy"));

        start();

        assertThat(stateOf("a")).isEqualTo(Bundle.ACTIVE);
        assertThat(stateOf("b")).isEqualTo(Bundle.ACTIVE);
        assertThat(stateOf("f")).isEqualTo(Bundle.RESOLVED);
        assertThat(stateOf("l")).isEqualTo(Bundle.STARTING);
        assertThat(named("b").adapt(BundleStartLevel.class).getStartLevel()).isEqualTo(5);
    }

    @Test
    void everyBundleThatDoesNotResolveIsNamedInOneMessageAndNothingRuns() throws Exception {
        bundle("01/good.jar", Map.of());
        bundle("05/lonely.jar", Map.of("Import-Package", "no.such.pack"));
        bundle("20/chained.jar", Map.of("Require-Bundle", "no.such.bundle"));
        Files.writeString(home.resolve("bundles/20/junk.jar"), "not a jar");

        assertThatThrownBy(this::start)
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll(
                        "3 bundles", "lonely.jar", "no.such.pack", "chained.jar", "junk.jar")
                .hasMessageNotContaining("\n");
        assertThat(stateOf("good")).isEqualTo(Bundle.RESOLVED);
    }

    @Test
    void aBundleWhoseActivatorFailsIsNamedWithTheReason() throws Exception {
        bundle("10/bad.jar", Map.of(Constants.BUNDLE_ACTIVATOR, "no.such.Activator"));

        assertThatThrownBy(this::start)
                .hasMessageContainingAll("1 bundle ", "bad.jar (not started", "no.such.Activator");
    }

    @Test
    void whatOperatorsLookWithStartsAfterTheRest() throws Exception {
        bundle("25/server.jar", Map.of());
        bundle("60/console.jar", Map.of());
        bundle("60/bad.jar", Map.of(Constants.BUNDLE_ACTIVATOR, "no.such.Activator"));

        start();
        assertThat(stateOf("server")).isEqualTo(Bundle.ACTIVE);
        assertThat(stateOf("console")).isEqualTo(Bundle.RESOLVED);

        assertThat(host.startOthers())
                .singleElement()
                .asString()
                .contains("bad.jar (not started", "no.such.Activator");
        assertThat(stateOf("console")).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void aFolderThatNamesNoStartLevelIsRefused() throws Exception {
        Files.createDirectories(home.resolve("bundles/extra"));

        assertThatThrownBy(this::start)
                .hasMessageContaining("bundles/extra must be a directory named by a start level");
    }

    @Test
    void anInstallationWithoutBundlesIsIncomplete() throws Exception {
        Files.createDirectories(home.resolve("bundles/01"));

        assertThatThrownBy(this::start).hasMessageContaining("the installation is incomplete");
    }

    @Test
    void whatIsAwaitedInVainIsNamed() throws Exception {
        bundle("01/a.jar", Map.of());
        start();
        Map<String, String> settings =
                Map.of(Readiness.AWAIT, "(objectClass=no.Such)", Readiness.AWAIT_SECONDS, "1");
        Readiness readiness = Readiness.of(settings, FrameworkUtil::createFilter);

        assertThatThrownBy(() -> host.awaitReady(readiness, ListenAddress.of(Map.of())))
                .hasMessageContaining("the HTTP server does not listen on port 8080");

        Map<String, Object> http =
                Map.of("osgi.http.endpoint", "http://127.0.0.1:8080/", "objectClass", "x");
        host.framework()
                .getBundleContext()
                .registerService(
                        "org.osgi.service.servlet.runtime.HttpServiceRuntime",
                        new Untyped(),
                        dictionary(http));
        assertThatThrownBy(() -> host.awaitReady(readiness, ListenAddress.of(Map.of())))
                .hasMessageContaining(
                        "was not ready within 1 s, because no service matches (objectClass=no.Such)");
    }

    @Test
    void aFilterThatIsNoneIsRefusedBeforeAnythingStarts() {
        assertThatThrownBy(() ->
                        Readiness.of(Map.of(Readiness.AWAIT, "(a=b"), FrameworkUtil::createFilter))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("launcher.await");
    }

    @Test
    void anotherJavaIsRefusedInOneSentence() {
        assertThatThrownBy(() -> Main.requireJava(21))
                .hasMessageContainingAll("JDK 25", "this is 21", "JAVA_HOME");
    }

    private void start() throws Exception {
        host =
                new Host(
                        Map.of(
                                Constants.FRAMEWORK_STORAGE,
                                home.resolve("cache").toString(),
                                "felix.log.level",
                                "0"));
        host.install(ShippedBundles.in(home));
        host.start();
    }

    private static java.util.Dictionary<String, ?> dictionary(Map<String, ?> map) {
        return FrameworkUtil.asDictionary(map);
    }

    /** Stands for a service whose interface the launcher's class space does not have. */
    private static final class Untyped implements ServiceFactory<Object> {
        @Override
        public Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
            return new Object();
        }

        @Override
        public void ungetService(
                Bundle bundle, ServiceRegistration<Object> registration, Object service) {}
    }

    private Bundle named(String symbolicName) {
        for (Bundle bundle : host.framework().getBundleContext().getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + symbolicName);
    }

    private int stateOf(String symbolicName) {
        return named(symbolicName).getState();
    }

    private void bundle(String path, Map<String, String> headers) throws IOException {
        Path file = home.resolve("bundles").resolve(path);
        Files.createDirectories(file.getParent());
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        attributes.putValue(
                Constants.BUNDLE_SYMBOLICNAME, file.getFileName().toString().replace(".jar", ""));
        new TreeMap<>(headers).forEach(attributes::putValue);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
    }
}
