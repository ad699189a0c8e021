// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.store.InputHash;
import org.spicetime.runtime.api.store.Known;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * The idempotency keys of a domain that the store does not know: those of admissions under way, and
 * those of tasks that are not stored, which are kept as long as stored ones: a day, and until their
 * tasks have ended. Thread-safe.
 */
final class AdmissionKeys {

    private static final Duration KEPT = Duration.ofHours(24);

    private record Remembered(TaskEntry entry, Known known, Instant since) {}

    private final ConcurrentHashMap<String, CompletableFuture<Boolean>> underWay =
            new ConcurrentHashMap<>();

    /* Guarded by itself; oldest first. */
    private final Map<String, Remembered> unstored = new LinkedHashMap<>();

    /**
     * Takes keys for an admission; all or none.
     *
     * @return null: they are taken, until {@link #release}; else completes when one of them is free
     */
    @Nullable CompletionStage<?> claim(Collection<String> keys) {
        CompletableFuture<Boolean> own = new CompletableFuture<>();
        // In the same order everywhere, so that two batches do not take turns for ever.
        TreeSet<String> taken = new TreeSet<>();
        for (String key : new TreeSet<>(keys)) {
            CompletableFuture<Boolean> other = underWay.putIfAbsent(key, own);
            if (other != null) {
                release(taken);
                return other;
            }
            taken.add(key);
        }
        return null;
    }

    /** Gives keys back. */
    void release(Collection<String> keys) {
        CompletableFuture<Boolean> own = null;
        for (String key : keys) {
            own = underWay.remove(key);
        }
        if (own != null) {
            own.complete(true);
        }
    }

    /** What was admitted under a key and is not stored. */
    Optional<Known> known(String key) {
        synchronized (unstored) {
            return Optional.ofNullable(unstored.get(key)).map(Remembered::known);
        }
    }

    /** The task is admitted, or about to be, and not stored. Inside the guard. */
    void remember(TaskEntry entry, Map<String, InputHash> hashes, Instant now) {
        String key = entry.request().idempotencyKey();
        InputHash hash = key == null ? null : hashes.get(key);
        if (key != null && hash != null) {
            synchronized (unstored) {
                forgetOld(now);
                unstored.put(key, new Remembered(entry, new Known(entry.taskId(), hash), now));
            }
        }
    }

    /** The admission did not hold. Inside the guard. */
    void forget(TaskEntry entry) {
        String key = entry.request().idempotencyKey();
        if (key != null) {
            synchronized (unstored) {
                Remembered remembered = unstored.get(key);
                if (remembered != null && remembered.entry().equals(entry)) {
                    unstored.remove(key);
                }
            }
        }
    }

    private void forgetOld(Instant now) {
        Iterator<Remembered> oldest = unstored.values().iterator();
        boolean more = true;
        while (more && oldest.hasNext()) {
            Remembered remembered = oldest.next();
            more = remembered.since().plus(KEPT).isBefore(now) && remembered.entry().isFinal();
            if (more) {
                oldest.remove();
            }
        }
    }
}
