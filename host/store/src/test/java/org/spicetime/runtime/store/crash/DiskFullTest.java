// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.PruneBudget;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.Retention;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.store.fault.DiskSpace;
import org.spicetime.runtime.store.fault.FailStop;
import org.spicetime.runtime.store.fault.FaultSettings;

/** No room: on the disk, in the file, up to the limit of file sizes. */
class DiskFullTest {

    private static final long MEBI = 1 << 20;

    /* More than the engine's library, which is unpacked under the same limit. */
    private static final int LIMIT_KILOBYTES = 2500;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final FaultSettings QUICK =
            new FaultSettings(MEBI, 10 * MEBI, 0, Duration.ofMillis(10));
    private static final FailStop NEVER =
            (what, cause) -> {
                throw new AssertionError(what, cause);
            };

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private final SplittableRandom random = new SplittableRandom(5);
    private final AtomicLong free = new AtomicLong(1000 * MEBI);
    private final List<TaskId> admitted = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set by open
    private TaskStore store;

    @SuppressWarnings("NullAway.Init") // set by open
    private Lease lease;

    /** A disk whose free space the test sets. Thread-safe. */
    private final class SmallDisk implements DiskSpace {
        @Override
        public long free() {
            return free.get();
        }

        @Override
        public long total() {
            return 1000 * MEBI;
        }
    }

    private void open(int mostPages) {
        store =
                StoreUnderTest.open(
                        directory,
                        InstantSource.system(),
                        NEVER,
                        QUICK,
                        new SmallDisk(),
                        mostPages);
        lease = store.acquire(StoreUnderTest.KEPT, StoreUnderTest.HOST, Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void with_little_space_only_growth_is_refused_and_that_ends_by_itself() {
        open(0);
        TaskId task = submit();
        free.set(10 * MEBI - 1);
        await(() -> store.health().status() == HealthStatus.DEGRADED);

        refused(StoreException.Reason.DISK_FULL);
        complete(task);
        assertThat(store.health().readOnly()).isFalse();
        assertThat(store.health().message()).contains("9 MiB left");
        assertThat(store.health().freeBytes()).hasValue(0);

        free.set(11 * MEBI);
        await(() -> store.health().status() == HealthStatus.HEALTHY);
        submit();
    }

    @Test
    void a_file_that_may_not_grow_is_read_only_until_pruning_has_made_room() {
        open(120);
        await(() -> directory.resolve("ballast").toFile().exists());
        StoreException first = fill();
        assertThat(first.reason()).isEqualTo(StoreException.Reason.COMMIT_FAILED);
        assertThat(first.reason().outcomeUnknown()).isTrue();
        assertThat(store.health().readOnly()).isTrue();
        assertThat(store.health().status()).isEqualTo(HealthStatus.DEGRADED);
        refused(StoreException.Reason.READ_ONLY);
        assertThat(directory.resolve("ballast")).doesNotExist();
        assertThat(admitted).allSatisfy(id -> assertThat(store.load(id)).isPresent());

        Retention nothing = new Retention(null, null, OptionalLong.of(0), OptionalLong.empty());
        assertThat(
                        store.prune(
                                StoreUnderTest.KEPT,
                                nothing,
                                new PruneBudget(1000, Duration.ofSeconds(5))))
                .isPositive();
        await(() -> !store.health().readOnly());
        submit();
        await(() -> directory.resolve("ballast").toFile().exists());
        assertThat(store.health().status()).isEqualTo(HealthStatus.HEALTHY);
    }

    @Test
    void a_limit_of_file_sizes_is_got_over_without_a_loss() throws Exception {
        open(0);
        Path data = Files.createDirectory(directory.resolve("limited"));
        try (ChildJvm child =
                ChildJvm.startLimited(
                        directory.resolve("output"),
                        LIMIT_KILOBYTES,
                        Map.of(),
                        Workload.class,
                        data,
                        7,
                        100_000,
                        4,
                        true,
                        StoreUnderTest.USUAL_LOG)) {
            assertThat(child.await()).as(child.output()).isZero();
            assertThat(child.output()).containsPattern("refused [1-9]");
        }
        assertThat(ImageCheck.faults(data, Acknowledged.of(data.resolve(AckLog.NAME)))).isEmpty();
    }

    /** Half of the tasks finished, until the file is full. */
    private StoreException fill() {
        while (true) {
            try {
                complete(submit());
            } catch (StoreException full) {
                return full;
            }
            assertThat(admitted.size()).as("tasks in 120 pages").isLessThan(10_000);
        }
    }

    private TaskId submit() {
        TaskId id = TaskId.of(Instant.now(), random);
        try (Reservation room = store.reserve(StoreUnderTest.KEPT, 1, 2048)) {
            append(
                    store.append(
                            lease,
                            List.of(
                                    SampleTask.submitted(
                                            id, StoreUnderTest.KEPT, Instant.now(), 1)),
                            room));
        }
        admitted.add(id);
        return id;
    }

    private void complete(TaskId id) {
        append(
                store.append(
                        lease,
                        List.of(
                                new TaskEvent.Started(id, Instant.now(), lease.claim(1)),
                                new TaskEvent.Completed(
                                        id,
                                        Instant.now(),
                                        lease.claim(1),
                                        null,
                                        SampleTask.ending(TaskPhase.COMPLETED, Instant.now())))));
    }

    private static void append(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    private void refused(StoreException.Reason reason) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.reserve(StoreUnderTest.KEPT, 1, 10))
                .extracting(StoreException::reason)
                .isEqualTo(reason);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("patience left").isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
