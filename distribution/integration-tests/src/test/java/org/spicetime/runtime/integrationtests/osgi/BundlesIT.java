// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.spicetime.runtime.integrationtests.osgi.DomainProbe.LIMIT;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.catalogue.DeployedBundle;
import org.spicetime.runtime.api.catalogue.DeployedBundle.Contribution;
import org.spicetime.runtime.api.catalogue.DeployedBundle.State;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.integrationtests.BundleJar;

/** What the host tells of its bundles. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class BundlesIT {

    private static final String EXAMPLE = "org.spicetime.runtime.examples.keyedpolicy";

    @Service BundleContext context;
    @Service Bundles bundles;

    @Test
    void shippedBundlesAreOfTheCoreAndWell() {
        List<DeployedBundle> all = bundles.all();
        assertThat(all).hasSizeGreaterThan(40);
        assertThat(all)
                .extracting(DeployedBundle::symbolicName)
                .isSorted()
                .contains("org.apache.felix.framework", "org.spicetime.runtime.core");
        assertThat(all)
                .filteredOn(DeployedBundle::core)
                .hasSizeGreaterThan(40)
                .allSatisfy(bundle -> assertThat(bundle.problems()).isEmpty());
        assertThat(bundles.refusedFiles()).isEmpty();
        assertThat(bundles.find("no.such.bundle")).isEmpty();
    }

    @Test
    void aShippedPluginTellsItsContributionAndItsFingerprint() {
        String name = "org.spicetime.runtime.scheduler.fifo";
        DeployedBundle fifo = bundles.find(name).orElseThrow();
        assertThat(fifo.state()).isEqualTo(State.ACTIVE);
        assertThat(fifo.contributions())
                .containsExactly(new Contribution(PluginKind.SCHEDULING_POLICY, "FIFO"));
        await("the fingerprint")
                .atMost(LIMIT)
                .until(() -> bundles.find(name).orElseThrow().sha256() != null);
        assertThat(bundles.find(name).orElseThrow().sha256()).isEqualTo(sha256Of(name));
        assertThat(bundles.find("org.apache.felix.framework").orElseThrow().sha256()).isNull();
    }

    private String sha256Of(String name) {
        try {
            for (Bundle bundle : context.getBundles()) {
                if (name.equals(bundle.getSymbolicName())) {
                    String location = bundle.getLocation().replaceFirst("^reference:", "");
                    byte[] file = Files.readAllBytes(Path.of(java.net.URI.create(location)));
                    return HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(file));
                }
            }
            throw new AssertionError("no bundle " + name);
        } catch (java.io.IOException | java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void watchersAreToldOfEveryStepAndReportsEndWithTheBundle() throws Exception {
        byte[] jar =
                BundleJar.ofKit(Path.of(context.getProperty("spicetime.home")), "keyedpolicy")
                        .version("1.0.0")
                        .bytes();
        List<DeployedBundle> seen = new CopyOnWriteArrayList<>();
        try (Watch _ =
                bundles.watch(bundle -> {
                    if (bundle.symbolicName().equals(EXAMPLE)) {
                        seen.add(bundle);
                    }
                })) {
            Bundle bundle = context.installBundle("bundles:it", new ByteArrayInputStream(jar));
            bundle.start();
            await("the policy to be told")
                    .atMost(LIMIT)
                    .until(() ->
                            !seen.isEmpty()
                                    && seen.getLast().state() == State.ACTIVE
                                    && seen.getLast()
                                            .contributions()
                                            .equals(
                                                    List.of(
                                                            new Contribution(
                                                                    PluginKind.SCHEDULING_POLICY,
                                                                    "EXAMPLE_WSJF"))));
            assertThat(seen.getLast().core()).isFalse();
            assertThat(seen.getLast().problems()).isEmpty();

            bundles.report(EXAMPLE, "test", List.of("it is too good to be true"));
            await("the report")
                    .atMost(LIMIT)
                    .until(() ->
                            seen.getLast().problems().equals(List.of("it is too good to be true")));
            bundle.update(new ByteArrayInputStream(jar));
            await("the report to be forgotten")
                    .atMost(LIMIT)
                    .until(() -> seen.getLast().problems().isEmpty());
            bundle.uninstall();
            await("the end").atMost(LIMIT).until(() -> seen.getLast().state() == State.UNINSTALLED);
            assertThat(bundles.find(EXAMPLE)).isEmpty();
        }
    }
}
