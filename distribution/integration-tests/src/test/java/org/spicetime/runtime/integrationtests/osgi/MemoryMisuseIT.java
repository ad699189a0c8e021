// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/** Each mistake with memory fails the task that made it, and nothing else. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class MemoryMisuseIT {

    /** What the client is told of each mistake; every message is a sentence of the host or JVM. */
    private static final Map<String, String> MISTAKES =
            Map.ofEntries(
                    Map.entry("out of bounds", "Out of bound access"),
                    Map.entry("use after unpin", "Already closed"),
                    Map.entry("use after close", "Already closed"),
                    Map.entry("double close", "is closed already"),
                    Map.entry("double unpin", "Already closed"),
                    Map.entry("pin of a freed block", "is closed already"),
                    Map.entry("close while pinned", "close the pin first"),
                    Map.entry("wrong thread", "outside owning thread"),
                    Map.entry("memory on another thread", "belongs to thread"),
                    Map.entry("negative size", "bytes must be from 1"),
                    Map.entry("absurd alignment", "a power of two"),
                    Map.entry("more than the pool", "bytes were asked for"),
                    Map.entry("unknown id", "no shared block"),
                    Map.entry("no id", "hexadecimal"),
                    Map.entry("close the arena of the task", "reclaimed by the host"));

    @Service BundleContext context;
    @Service Domains domains;

    @Test
    void eachMistakeFailsItsTaskOnly() throws Exception {
        ServiceRegistration<?> handler =
                context.registerService(TaskHandler.class, new MisusingHandler(), null);
        try (HoldingHandler neighbours = HoldingHandler.register(context, "holding", 1);
                DomainProbe other = DomainProbe.create(domains, "beside", "FIFO", "TLSF");
                DomainProbe domain = DomainProbe.create(domains, "misused", "FIFO", "TLSF")) {
            Task beside = domain.schedule(neighbours.request());
            neighbours.awaitAllHold();
            long before = used(domain);
            for (Map.Entry<String, String> mistake : MISTAKES.entrySet()) {
                failsWith(domain, mistake.getKey(), "", mistake.getValue());
                assertThat(used(domain)).as(mistake.getKey()).isEqualTo(before);
            }
            completes(domain, "leave a lease");
            failsWith(domain, "pin what is not its own", "", "may not use it");
            failsWith(other, "pin what is not its own", "", "may not use it");
            assertThat(used(domain)).isEqualTo(before);
            completes(domain, "none");
            leaksAreDealtWith(domain, before);
            neighbours.letGo();
            assertThat(domain.awaitEnd(beside).phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(used(domain)).isZero();
            assertThat(used(other)).isZero();
        } finally {
            handler.unregister();
        }
    }

    private static void leaksAreDealtWith(DomainProbe domain, long before) {
        completes(domain, "leak");
        assertThat(used(domain)).isEqualTo(before);
        onTaskEnd(domain, "WARN");
        completes(domain, "leak");
        assertThat(used(domain)).isEqualTo(before);
        onTaskEnd(domain, "FAIL_TASK");
        failsWith(
                domain,
                "leak",
                "",
                "without closing 3 of its handles (arenas: 1, leases: 1, movable blocks: 1) with 6000"
                        + " bytes");
        assertThat(used(domain)).isEqualTo(before);
        completes(domain, "none");
    }

    private static void onTaskEnd(DomainProbe domain, String action) {
        domain.configure("memory", Map.of("garbageCollection", Map.of("onTaskEnd", action)));
    }

    private static long used(DomainProbe domain) {
        return domain.domain().resources().memory().used();
    }

    private static void completes(DomainProbe domain, String order) {
        Task ended = domain.awaitEnd(domain.schedule(MisusingHandler.order(order, "")));
        assertThat(ended.phase()).as("%s: %s", order, ended.error()).isEqualTo(TaskPhase.COMPLETED);
    }

    private static void failsWith(DomainProbe domain, String order, String id, String message) {
        Task ended = domain.awaitEnd(domain.schedule(MisusingHandler.order(order, id)));
        assertThat(ended.phase()).as(order).isEqualTo(TaskPhase.FAILED);
        RuntimeError error = ended.error();
        assertThat(error).as(order).isNotNull();
        assertThat(error.message()).as(order).contains(message);
    }
}
