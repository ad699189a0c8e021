// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.spicetime.runtime.integrationtests.osgi.DomainProbe.LIMIT;

import java.io.ByteArrayInputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.integrationtests.BundleJar;
import org.spicetime.runtime.integrationtests.blackbox.SampleContribution;
import org.spicetime.runtime.integrationtests.blackbox.VendorBundle;

/**
 * A policy, or a contribution to the schema, that was used and removed leaves nothing behind: its
 * class loader can be collected.
 */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class ClassLoaderLeakIT {

    private static final int CYCLES = 200;
    private static final int SOME_CYCLES = 30;
    private static final int TASKS_PER_CYCLE = 30;
    private static final String POLICY = "EXAMPLE_WSJF";

    @Service BundleContext context;
    @Service Domains domains;

    @Test
    void twoHundredPoliciesInstalledUpdatedAndUninstalledLeaveNoClassLoaderBehind()
            throws Exception {
        byte[] jar =
                BundleJar.ofKit(Path.of(context.getProperty("spicetime.home")), "keyedpolicy")
                        .version("1.0.0")
                        .bytes();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        int tasks = CYCLES * TASKS_PER_CYCLE;
        Bundle first = context.installBundle("leak:first", new ByteArrayInputStream(jar));
        first.start();
        try (CountingHandler handler = CountingHandler.register(context, "leak.count", tasks, 0);
                DomainProbe domain = DomainProbe.create(domains, "leak", POLICY, "TLSF")) {
            awaitPolicy(domain, POLICY);
            loaders.add(loaderOf(first));
            first.uninstall();
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                Bundle bundle =
                        context.installBundle("leak:" + cycle, new ByteArrayInputStream(jar));
                bundle.start();
                awaitPolicy(domain, POLICY);
                int from = cycle * TASKS_PER_CYCLE;
                domain.schedule(handler, from, from + TASKS_PER_CYCLE / 2);
                loaders.add(loaderOf(bundle));

                bundle.update(new ByteArrayInputStream(jar));
                awaitPolicy(domain, POLICY);
                domain.schedule(handler, from + TASKS_PER_CYCLE / 2, from + TASKS_PER_CYCLE);
                loaders.add(loaderOf(bundle));

                bundle.uninstall();
                awaitPolicy(domain, "SAFE_FIFO");
            }
            handler.awaitAllRan(LIMIT);
            handler.requireEachRanOnce();
            domain.awaitEnded(tasks);

            assertThat(loaders).hasSize(2 * CYCLES + 1);
            awaitCollected(loaders);
        }
    }

    @Test
    void contributionsThatWereQueriedAndStreamedLeaveNoClassLoaderBehind() throws Exception {
        int cycles = Boolean.getBoolean("test.long") ? CYCLES : SOME_CYCLES;
        byte[] jar = VendorBundle.contributing("com.acme.leak", SampleContribution.Kind.GOOD);
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try (CountingHandler handler = CountingHandler.register(context, "leak.age", 1, 1);
                DomainProbe domain = DomainProbe.create(domains, "grown", "EDF", "TLSF");
                EndpointProbe endpoint = new EndpointProbe(context);
                EndpointProbe.Socket steady = endpoint.socket();
                EndpointProbe.Socket socket = endpoint.socket()) {
            Task task = domain.schedule(handler.request(0));
            steady.subscribe("steady", "subscription { domainStatusChanged(domainId: \"grown\") }");
            for (int cycle = 0; cycle < cycles; cycle++) {
                Bundle bundle =
                        context.installBundle("leak:thing:" + cycle, new ByteArrayInputStream(jar));
                bundle.start();
                loaders.add(loaderOf(bundle));
                awaitServed(endpoint, true);
                assertThat(endpoint.query("{ acmeThing(name: \"x\") { name size } }"))
                        .contains("{\"name\":\"x\",\"size\":3}");
                socket.subscribe(
                        String.valueOf(cycle),
                        "subscription { taskUpdated(taskId: \"%s\") { acmeAge } }"
                                .formatted(task.id()));
                assertThat(socket.next()).contains("\"acmeAge\":\"since ");
                bundle.uninstall();
                awaitServed(endpoint, false);
                String last = socket.next();
                while (!last.contains("\"complete\"")) {
                    last = socket.next();
                }
            }
            handler.openGate();
            handler.awaitAllRan(LIMIT);
            assertThat(steady.waiting()).as("frames of the steady stream").isLessThanOrEqualTo(1);
            assertThat(loaders).hasSize(cycles);
            awaitCollected(loaders);
        }
    }

    private static void awaitServed(EndpointProbe endpoint, boolean served) {
        await("the thing is " + (served ? "served" : "gone"))
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> endpoint.schema().contains("AcmeThing") == served);
    }

    private static void awaitCollected(List<WeakReference<ClassLoader>> loaders) {
        await("class loaders to be collected")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(alive(loaders)).isZero());
    }

    private static void awaitPolicy(DomainProbe domain, String policy) {
        domain.awaitState("on " + policy, state -> state.activePolicy().equals(policy));
    }

    private static WeakReference<ClassLoader> loaderOf(Bundle bundle) {
        return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    }

    private static long alive(List<WeakReference<ClassLoader>> loaders) {
        System.gc();
        return loaders.stream().filter(loader -> loader.get() != null).count();
    }
}
