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
import org.spicetime.runtime.integrationtests.BundleJar;

/** A policy that was used and removed leaves nothing behind: its class loader can be collected. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class ClassLoaderLeakIT {

    private static final int CYCLES = 200;
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
            await("class loaders to be collected; still there: " + alive(loaders))
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThat(alive(loaders)).isZero());
        }
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
