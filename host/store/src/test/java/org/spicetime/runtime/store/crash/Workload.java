// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.PruneBudget;
import org.spicetime.runtime.api.store.Retention;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskStore;

/**
 * Producers on one store: half of them in a domain that keeps everything, half in one whose
 * finished tasks are pruned meanwhile. As a program it works until it is killed, or has noted as
 * much as it is told. Called by one thread at a time.
 */
final class Workload {

    private static final Retention KEEP_FEW =
            new Retention(null, null, OptionalLong.of(50), OptionalLong.empty());
    /* A store that is read-only for good. */
    private static final int MOST_REFUSED = 2000;
    private static final PruneBudget SOME = new PruneBudget(100, Duration.ofMillis(20));

    private Workload() {}

    /**
     * Directory, seed, how many notes to make, producers, whether commits are synchronised, and
     * pages of the log.
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        long notes = Long.parseLong(arguments[2]);
        int producers = Integer.parseInt(arguments[3]);
        boolean synchronised = Boolean.parseBoolean(arguments[4]);
        int logPages = Integer.parseInt(arguments[5]);
        TaskStore store =
                StoreUnderTest.open(directory, InstantSource.system(), synchronised, logPages);
        try (AckLog acks = new AckLog(directory)) {
            long refused = run(store, acks, seed, producers, () -> acks.notes() < notes);
            System.out.println("refused " + refused);
        } finally {
            store.close();
        }
    }

    /** Works until it is to stop. Answers how often the store refused or failed. */
    static long run(TaskStore store, AckLog acks, long seed, int producers, BooleanSupplier goOn)
            throws InterruptedException {
        InstantSource clock = InstantSource.system();
        LongAdder refused = new LongAdder();
        BooleanSupplier wanted = () -> refused.sum() < MOST_REFUSED && goOn.getAsBoolean();
        Lease kept =
                store.acquire(StoreUnderTest.KEPT, StoreUnderTest.HOST, Duration.ofMinutes(10));
        Lease pruned =
                store.acquire(StoreUnderTest.PRUNED, StoreUnderTest.HOST, Duration.ofMinutes(10));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            boolean prunes = i % 2 == 1;
            Producer producer =
                    new Producer(
                            store,
                            prunes ? pruned : kept,
                            prunes,
                            acks,
                            clock,
                            seed * 1000 + i,
                            wanted,
                            refused);
            threads.add(Thread.ofPlatform().name("producer " + i).start(producer));
        }
        while (wanted.getAsBoolean()) {
            try {
                long gone = store.prune(StoreUnderTest.PRUNED, KEEP_FEW, SOME);
                if (gone > 0) {
                    acks.pruned(gone);
                }
            } catch (StoreException e) {
                refused.increment();
            }
            Thread.onSpinWait();
            // Between two rounds of the pruner the producers have the store to themselves.
            threads.getFirst().join(Duration.ofMillis(30));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return refused.sum();
    }
}
