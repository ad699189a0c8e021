// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.BackupReport;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskStore;

/**
 * Copies of the store, made one at a time into one folder, on a thread of the host; the name of a
 * copy is the instant it was asked for. Thread-safe.
 */
final class Backups {

    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'store-'yyyyMMdd'T'HHmmss.SSS'Z.db'")
                    .withZone(ZoneOffset.UTC);

    private final TaskStore store;
    private final Path folder;
    private final InstantSource clock;
    private final Executor executor;
    private final AtomicBoolean busy = new AtomicBoolean();

    Backups(TaskStore store, Path folder, InstantSource clock, Executor executor) {
        this.store = store;
        this.folder = folder;
        this.clock = clock;
        this.executor = executor;
    }

    CompletionStage<BackupReport> make(ChangedBy who) {
        if (!busy.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(
                    RefusedException.conflict(
                            "a backup of the store is being made; wait until it is done"));
        }
        try {
            return CompletableFuture.supplyAsync(() -> copy(who), executor)
                    .whenComplete((report, failure) -> busy.set(false));
        } catch (RejectedExecutionException stopping) {
            busy.set(false);
            return CompletableFuture.failedFuture(
                    new RefusedException(
                            RequestErrorCode.SHUTTING_DOWN, "the host stops", Map.of()));
        }
    }

    private BackupReport copy(ChangedBy who) {
        Path file = folder.resolve(NAME.format(clock.instant()));
        try {
            Files.createDirectories(folder);
            BackupReport report = store.backup(file);
            LOG.info(
                    "backup of the store for {}: {}, {} bytes in {} ms",
                    who.actor(),
                    file.getFileName(),
                    report.sizeBytes(),
                    report.took().toMillis());
            return report;
        } catch (IOException noFolder) {
            LOG.error("the folder of backups cannot be made", noFolder);
            throw failed("the folder \"backup\" of the instance directory cannot be made");
        } catch (StoreException refused) {
            throw refusal(refused);
        }
    }

    private static RefusedException refusal(StoreException refused) {
        if (refused.reason() == StoreException.Reason.NOT_SUPPORTED) {
            return new RefusedException(
                    RequestErrorCode.BAD_USER_INPUT,
                    "backupStore: tasks and configurations are kept in memory only, there is"
                            + " nothing to copy; deploy a durable store",
                    Map.of("reason", "NOT_AVAILABLE"));
        }
        LOG.error("the store could not be backed up", refused);
        if (refused.reason() == StoreException.Reason.DISK_FULL) {
            return new RefusedException(
                    RuntimeErrorCode.RESOURCE_EXHAUSTED,
                    "the disk has no room for a copy of the store; make room and try again",
                    Map.of("reason", "INSUFFICIENT_STORAGE"));
        }
        return failed(refused.reason().name());
    }

    private static RefusedException failed(String why) {
        return new RefusedException(
                RequestErrorCode.READ_ONLY,
                "the store could not be backed up ("
                        + why
                        + "); no copy was left behind, the log of the host tells more",
                Map.of());
    }
}
