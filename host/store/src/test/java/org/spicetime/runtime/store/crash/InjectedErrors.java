// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskStore;

/**
 * The program of {@link InjectedErrorTest}: for each rule a fresh store is worked on while one call
 * fails. Afterwards the store must take new tasks by itself, or have stopped because the disk
 * refused to synchronise; and what it acknowledged must be there. Prints a line for each rule,
 * which begins with "ok" if all was well. Called by one thread at a time.
 */
final class InjectedErrors {

    private static final int PRODUCERS = 4;
    private static final int ROUNDS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path root;
    private final FaultRule rules;
    private final long seed;

    private InjectedErrors(Path root, FaultRule rules, long seed) {
        this.root = root;
        this.rules = rules;
        this.seed = seed;
    }

    /** Directory, library, seed, and the rules. */
    public static void main(String[] arguments) throws Exception {
        InjectedErrors errors =
                new InjectedErrors(
                        Path.of(arguments[0]),
                        new FaultRule(Path.of(arguments[1])),
                        Long.parseLong(arguments[2]));
        for (String rule : Arrays.asList(arguments).subList(3, arguments.length)) {
            System.out.println(errors.outcome(rule));
        }
    }

    private String outcome(String rule) throws IOException, InterruptedException {
        Path directory = Files.createDirectory(root.resolve(rule.replace(':', '-')));
        Path copy = root.resolve("copy");
        AtomicReference<@Nullable String> stopped = new AtomicReference<>();
        TaskStore store = null;
        long refused = 0;
        List<String> faults = new ArrayList<>();
        try (AckLog acks = new AckLog(directory)) {
            rules.set(rule);
            try {
                store =
                        StoreUnderTest.open(
                                directory,
                                InstantSource.system(),
                                true,
                                (what, cause) -> {
                                    if (stopped.compareAndSet(null, what)) {
                                        copy(directory, copy);
                                    }
                                });
                AtomicInteger rounds = new AtomicInteger(PRODUCERS * ROUNDS);
                refused =
                        Workload.run(
                                store,
                                acks,
                                seed,
                                PRODUCERS,
                                () -> stopped.get() == null && rounds.getAndDecrement() > 0);
            } catch (StoreException e) {
                // The error met the opening, or taking the domains over.
                refused = 1;
            }
            long calls = rules.count();
            rules.set("");
            if (stopped.get() == null) {
                if (store == null) {
                    store = StoreUnderTest.open(directory, InstantSource.system(), true);
                }
                faults.addAll(notWell(store));
                store.close();
                Folders.copy(directory, copy);
            } else if (store != null) {
                store.close();
            }
            faults.addAll(ImageCheck.faults(copy, Acknowledged.of(copy.resolve(AckLog.NAME))));
            Folders.delete(copy);
            return "%s %s, %d calls, %d refused%s %s"
                    .formatted(
                            faults.isEmpty() ? "ok" : "FAILED",
                            rule,
                            calls,
                            refused,
                            stopped.get() == null ? "" : ", stopped",
                            faults.isEmpty() ? "" : faults);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Folders.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The disk is well again: within a while the store must be, too, and take a task. */
    private List<String> notWell(TaskStore store) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (store.health().readOnly()) {
            if (System.nanoTime() - end > 0) {
                return List.of("still read-only: " + store.health().message());
            }
            LockSupport.parkNanos(1_000_000);
        }
        Lease lease =
                store.acquire(StoreUnderTest.KEPT, StoreUnderTest.HOST, Duration.ofMinutes(1));
        var task =
                SampleTask.submitted(
                        TaskId.of(Instant.now(), new SplittableRandom(seed)),
                        StoreUnderTest.KEPT,
                        Instant.now(),
                        1);
        try (Reservation room = store.reserve(StoreUnderTest.KEPT, 1, 2048)) {
            store.append(lease, List.of(task), room).toCompletableFuture().join();
            return List.of();
        } catch (RuntimeException e) {
            return List.of("takes nothing: " + e);
        }
    }
}
