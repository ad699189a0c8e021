// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/** Size and strategy of a pool change while tasks hold and use blocks of it. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class LivePoolIT {

    private static final long MIB = 1L << 20;
    private static final int SWAPS = 30;
    private static final int TASKS_PER_SWAP = 5;
    private static final List<String> STRATEGIES = List.of("TLSF", "BUDDY", "BEST_FIT", "SLAB");

    @Service BundleContext context;
    @Service Domains domains;

    @Test
    void aPoolGrowsAndShrinksWithLiveBlocksAndNeverBelowUse() throws Exception {
        try (HoldingHandler handler = HoldingHandler.register(context, "holding.resize", 2);
                DomainProbe domain = DomainProbe.create(domains, "resize", "FIFO", "TLSF")) {
            List<Task> tasks = List.of(holding(domain, handler), holding(domain, handler));
            handler.awaitAllHold();
            long used = used(domain);
            assertThat(used).isPositive();

            domain.configure("memory", Map.of("poolSize", 160 * MIB));
            assertThat(total(domain)).isEqualTo(160 * MIB);
            assertThat(used(domain)).isEqualTo(used);
            assertThat(domain.state().activeAllocator()).isEqualTo("TLSF");

            domain.configure("memory", Map.of("poolSize", 8 * MIB));
            assertThat(total(domain)).isEqualTo(8 * MIB);

            handler.letGo();
            for (Task task : tasks) {
                assertThat(domain.awaitEnd(task).phase()).isEqualTo(TaskPhase.COMPLETED);
            }
            domain.awaitEnded(2);
            assertThat(used(domain)).isZero();
        }
    }

    @Test
    void aPoolSmallerThanWhatIsKeptIsRefusedAndNothingChanges() throws Exception {
        try (HoldingHandler handler = HoldingHandler.register(context, "holding.refused", 1);
                DomainProbe domain = DomainProbe.create(domains, "refused", "FIFO", "TLSF")) {
            Task task = domain.schedule(handler.request(12 * MIB));
            handler.awaitAllHold();
            int revision = domain.state().revision();
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> domain.configure("memory", Map.of("poolSize", 8 * MIB)))
                    .satisfies(refused -> {
                        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                        assertThat(refused.details())
                                .containsEntry("requested", 8 * MIB)
                                .containsKey("used");
                    });
            assertThat(total(domain)).isEqualTo(DomainProbe.POOL_BYTES);
            assertThat(domain.state().revision()).isEqualTo(revision);
            handler.letGo();
            assertThat(domain.awaitEnd(task).phase()).isEqualTo(TaskPhase.COMPLETED);
        }
    }

    @Test
    void shippedStrategiesReplaceEachOtherUnderLoad() throws Exception {
        try (HoldingHandler keeper = HoldingHandler.register(context, "holding.swaps", 1);
                StampingHandler handler = StampingHandler.register(context, "stamping.swaps");
                DomainProbe domain = DomainProbe.create(domains, "swaps", "FIFO", "TLSF")) {
            Task kept = holding(domain, keeper);
            keeper.awaitAllHold();
            long baseline = used(domain);
            List<Task> tasks = new ArrayList<>();
            for (int swap = 1; swap <= SWAPS; swap++) {
                for (int i = 0; i < TASKS_PER_SWAP; i++) {
                    tasks.add(domain.schedule(handler.request()));
                }
                String next = STRATEGIES.get(swap % STRATEGIES.size());
                domain.configure("memory", Map.of("allocationType", next));
                assertThat(domain.state().activeAllocator()).isEqualTo(next);
            }
            for (Task task : tasks) {
                Task ended = domain.awaitEnd(task);
                assertThat(ended.phase()).as("%s", ended.error()).isEqualTo(TaskPhase.COMPLETED);
            }
            await("what the tasks used is back")
                    .atMost(DomainProbe.LIMIT)
                    .until(() -> used(domain) == baseline);
            keeper.letGo();
            assertThat(domain.awaitEnd(kept).phase()).isEqualTo(TaskPhase.COMPLETED);
            domain.awaitEnded(tasks.size() + 1);
            assertThat(used(domain)).isZero();
            assertThat(domain.domain().metrics().ejections()).isZero();
        }
    }

    private static Task holding(DomainProbe domain, HoldingHandler handler) {
        return domain.schedule(handler.request());
    }

    private static long used(DomainProbe domain) {
        return domain.domain().resources().memory().used();
    }

    private static long total(DomainProbe domain) {
        return domain.domain().resources().memory().total();
    }
}
