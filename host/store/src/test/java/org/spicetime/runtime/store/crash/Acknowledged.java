// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskPhase;

/** What was promised so far, added up from the notes. Called by one thread at a time. */
final class Acknowledged {

    private final Map<TaskId, Promise> promises = new LinkedHashMap<>();
    private long pruned;

    /** What holds of one task, whatever happens. Called by one thread at a time. */
    static final class Promise {
        /* How often it may be started at most. */
        int starts;
        /* Number of the last attempt that was acknowledged. */
        int attempt;
        /* How it ended; null: it has not, as far as is known. */
        @Nullable TaskPhase finished;
        boolean cancelling;
        boolean mayGo;
        boolean admitted;
    }

    /** All notes of a file, or of as much of it as there is. */
    static Acknowledged of(Path log) throws IOException {
        Acknowledged all = new Acknowledged();
        all.add(Files.readAllBytes(log));
        return all;
    }

    void add(byte[] notes) {
        ByteBuffer in = ByteBuffer.wrap(notes);
        while (in.remaining() >= AckLog.NOTE) {
            add(AckLog.read(in));
        }
    }

    private void add(AckLog.Entry entry) {
        if (entry.note() == AckLog.Note.PRUNED) {
            pruned += entry.value();
            return;
        }
        Promise promise = promises.computeIfAbsent(entry.task(), id -> new Promise());
        switch (entry.note()) {
            case ADMITTED -> {
                promise.admitted = true;
                promise.starts += entry.value();
            }
            case STARTED -> promise.attempt = entry.value();
            case FINISHED -> promise.finished = AckLog.phase(entry.value());
            case CANCELLING -> promise.cancelling = true;
            case WILL_RETRY -> {
                promise.starts += entry.value();
                promise.finished = null;
                promise.cancelling = false;
            }
            case MAY_GO -> promise.mayGo = true;
            case PRUNED -> throw new AssertionError("of no task");
        }
    }

    Map<TaskId, Promise> promises() {
        return promises;
    }

    /** How many tasks the store said it pruned. */
    long pruned() {
        return pruned;
    }

    boolean isEmpty() {
        return promises.isEmpty();
    }
}
