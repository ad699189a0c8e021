// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskTransition;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * What happened to one task: one long per event (microseconds since its admission, worker, phase),
 * and notes and attempts only where there is something to tell. Of a long life the first {@value
 * #FIRST_KEPT} events and the newest are kept, {@value #MOST} in all, and the newest {@value
 * #ATTEMPTS_KEPT} attempts. Guarded by the domain's guard.
 */
public final class TaskTrace extends ChangeLog.Node {

    private static final String HOST = "host";

    static final int FIRST_KEPT = 16;
    static final int MOST = 64;
    static final int ATTEMPTS_KEPT = 100;

    private static final TaskPhase[] PHASES = TaskPhase.values();
    private static final int PHASE_BITS = 4;
    private static final int WORKER_BITS = 14;
    private static final int TIME_SHIFT = PHASE_BITS + WORKER_BITS;
    private static final long LATEST = (1L << (Long.SIZE - 1 - TIME_SHIFT)) - 1;

    final TaskEntry entry;
    private long[] events = new long[4];
    private int size;
    private int dropped;
    private @Nullable List<Note> notes;
    private @Nullable List<AttemptRecord> attempts;

    private static final WaitReason[] REASONS = WaitReason.values();

    /** Who caused an event, and why; or what is waited for. Immutable. */
    private record Note(
            int event,
            @Nullable String actor,
            @Nullable String message,
            @Nullable TaskId blockedBy) {}

    TaskTrace(TaskEntry entry) {
        this.entry = entry;
    }

    /** The task. */
    public TaskEntry entry() {
        return entry;
    }

    boolean isEmpty() {
        return size == 0;
    }

    TaskPhase lastPhase() {
        return phaseAt(size - 1);
    }

    int lastWorker() {
        return workerAt(size - 1);
    }

    /**
     * Adds an event.
     *
     * @param worker slot concerned; negative: none
     */
    void add(
            TaskPhase phase,
            Instant at,
            int worker,
            @Nullable String actor,
            @Nullable String message) {
        if (size == MOST) {
            dropOne();
        } else if (size == events.length) {
            events = Arrays.copyOf(events, 2 * size);
        }
        events[size] = packed(phase, at, worker);
        size++;
        if (actor != null || message != null) {
            if (notes == null) {
                notes = new ArrayList<>(2);
            }
            notes.add(new Note(numberOf(size - 1), actor, message, null));
        }
    }

    @SuppressWarnings("EnumOrdinal") // it never leaves this object
    private long packed(TaskPhase phase, Instant at, int worker) {
        long micros = Math.clamp(microsBetween(entry.createdAt(), at), 0, LATEST);
        long number = worker < 0 ? 0 : Math.min(worker + 1, (1 << WORKER_BITS) - 1);
        return micros << TIME_SHIFT | number << PHASE_BITS | phase.ordinal();
    }

    private static long microsBetween(Instant from, Instant to) {
        return (to.getEpochSecond() - from.getEpochSecond()) * 1_000_000
                + (to.getNano() - from.getNano()) / 1000;
    }

    /**
     * Adds that it waits for something on its thread.
     *
     * @param resource the very thing; null: it has no name
     * @param blockedBy the task that has it; null: none, or it has no name
     */
    @SuppressWarnings("EnumOrdinal") // it never leaves this object
    void addWait(
            Instant at, WaitReason why, @Nullable String resource, @Nullable TaskId blockedBy) {
        add(TaskPhase.WAITING_RESOURCE, at, why.ordinal(), null, resource);
        if (resource != null && blockedBy != null && notes != null) {
            Note note = notes.removeLast();
            notes.add(new Note(note.event, null, resource, blockedBy));
        }
    }

    private void dropOne() {
        System.arraycopy(events, FIRST_KEPT + 1, events, FIRST_KEPT, MOST - FIRST_KEPT - 1);
        size--;
        int gone = FIRST_KEPT + dropped;
        dropped++;
        if (notes != null) {
            notes.removeIf(note -> note.event() == gone);
        }
    }

    /** Events are numbered from 0 as they came, dropped ones included. */
    private int numberOf(int position) {
        return position < FIRST_KEPT ? position : position + dropped;
    }

    int size() {
        return size;
    }

    /** Whether events are missing between this one and the next. */
    boolean gapAfter(int position) {
        return dropped > 0 && position == FIRST_KEPT - 1;
    }

    TaskPhase phaseAt(int position) {
        return PHASES[(int) (events[position] & ((1 << PHASE_BITS) - 1))];
    }

    int workerAt(int position) {
        return phaseAt(position) == TaskPhase.WAITING_RESOURCE ? -1 : numberAt(position);
    }

    /* The slot, or the ordinal of what is waited for. */
    private int numberAt(int position) {
        return (int) (events[position] >>> PHASE_BITS & ((1 << WORKER_BITS) - 1)) - 1;
    }

    /** What kind of thing was waited for, of an event {@link TaskPhase#WAITING_RESOURCE}. */
    WaitReason reasonAt(int position) {
        int ordinal = numberAt(position);
        return ordinal < 0 ? WaitReason.IO : REASONS[ordinal];
    }

    /** The very thing waited for; null: it has no name. */
    @Nullable String resourceAt(int position) {
        Note note =
                phaseAt(position) == TaskPhase.WAITING_RESOURCE ? noteOf(numberOf(position)) : null;
        return note == null ? null : note.message();
    }

    /** Who had the very thing waited for; null: not known. */
    @Nullable TaskId blockedByAt(int position) {
        Note note =
                phaseAt(position) == TaskPhase.WAITING_RESOURCE ? noteOf(numberOf(position)) : null;
        return note == null ? null : note.blockedBy();
    }

    Instant timeAt(int position) {
        return entry.createdAt().plus(Duration.ofNanos((events[position] >> TIME_SHIFT) * 1000));
    }

    List<TaskTransition> transitions() {
        List<TaskTransition> told = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Note note = noteOf(numberOf(i));
            int worker = workerAt(i);
            String actor = note == null ? null : note.actor();
            told.add(
                    new TaskTransition(
                            timeAt(i),
                            phaseAt(i),
                            worker < 0 ? null : worker,
                            i == 0 && actor == null ? entry.request().owner() : actor,
                            note == null ? null : note.message()));
        }
        return told;
    }

    /* Without what happened on its thread only. */
    List<Transition> stored() {
        List<Transition> told = new ArrayList<>(size);
        TaskPhase last = null;
        for (int i = 0; i < size; i++) {
            TaskPhase phase = phaseAt(i);
            if (phase == last
                    || phase == TaskPhase.PREEMPTED
                    || phase == TaskPhase.WAITING_RESOURCE) {
                continue;
            }
            last = phase;
            Note note = notes == null ? null : noteOf(numberOf(i));
            String actor = note == null ? null : note.actor();
            if (actor == null) {
                actor = i == 0 ? entry.request().owner() : HOST;
            }
            told.add(new Transition(timeAt(i), phase, actor));
        }
        return told;
    }

    private @Nullable Note noteOf(int event) {
        if (notes != null) {
            for (Note note : notes) {
                if (note.event() == event) {
                    return note;
                }
            }
        }
        return null;
    }

    boolean hasAttempts() {
        return attempts != null;
    }

    List<AttemptRecord> attempts() {
        return attempts == null ? List.of() : attempts;
    }

    /** The record of an attempt, made now if there is none. */
    AttemptRecord attempt(int number, Instant startedAt) {
        if (attempts == null) {
            attempts = new ArrayList<>(2);
        }
        if (attempts.isEmpty() || attempts.getLast().number != number) {
            if (attempts.size() == ATTEMPTS_KEPT) {
                attempts.removeFirst().forget();
            }
            attempts.add(new AttemptRecord(number, startedAt));
        }
        return attempts.getLast();
    }
}
