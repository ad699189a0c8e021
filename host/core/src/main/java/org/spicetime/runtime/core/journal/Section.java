// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * What one visit to the guard changed of stored tasks, or one admission: the events of one append,
 * and what is to be done when it holds. Guarded by the domain's guard.
 */
final class Section {

    /** Who waits for the commit. */
    private static final class Answer<T> {
        private final CompletableFuture<T> future;
        private final Supplier<T> value;

        Answer(CompletableFuture<T> future, Supplier<T> value) {
            this.future = future;
            this.value = value;
        }

        Runnable computed() {
            try {
                T present = value.get();
                return () -> future.complete(present);
            } catch (RefusedException gone) {
                return () -> future.completeExceptionally(gone);
            }
        }
    }

    final List<StoreEvent> events = new ArrayList<>(4);

    /** Tasks whose ends can be seen once this holds. */
    private @Nullable List<TaskEntry> ending;

    private @Nullable List<Answer<?>> answers;

    private @Nullable CompletableFuture<Boolean> holds;

    /** Tasks that are admitted once this holds; null: none. */
    @Nullable List<TaskEntry> admitted;

    /** Room for them. */
    @Nullable Reservation room;

    /** When it was handed to the store, on the monotonic clock. */
    long sentNanos;

    /** What the store has since it took this; null: it did not take it. */
    @Nullable ChangeCursor asOf;

    /** How the store failed to take it; null: it took it. */
    @Nullable Throwable failure;

    boolean hasNothingToStore() {
        return events.isEmpty();
    }

    void ending(TaskEntry entry) {
        if (ending == null) {
            ending = new ArrayList<>(2);
        }
        ending.add(entry);
    }

    List<TaskEntry> ending() {
        return ending == null ? List.of() : ending;
    }

    /** Completes when this holds, with what is true inside the guard then. */
    <T> CompletableFuture<T> answer(Supplier<T> value) {
        CompletableFuture<T> future = new CompletableFuture<>();
        if (answers == null) {
            answers = new ArrayList<>(2);
        }
        answers.add(new Answer<>(future, value));
        return future;
    }

    boolean hasAnswers() {
        return answers != null;
    }

    /** Those who wait for this wait for another section instead. */
    void passAnswersTo(Section other) {
        if (answers != null) {
            if (other.answers == null) {
                other.answers = answers;
            } else {
                other.answers.addAll(answers);
            }
            answers = null;
        }
    }

    /** Completes when this holds, however long that takes; with false if it never will. */
    CompletableFuture<Boolean> holds() {
        if (holds == null) {
            holds = new CompletableFuture<>();
        }
        return holds;
    }

    void tellHolds(boolean yes, List<Runnable> told) {
        CompletableFuture<Boolean> waiting = holds;
        if (waiting != null) {
            told.add(() -> waiting.complete(yes));
        }
    }

    /** Finds out what is to be answered; telling it is left to be done without the guard. */
    void answered(List<Runnable> told) {
        if (answers != null) {
            for (Answer<?> answer : answers) {
                told.add(answer.computed());
            }
            answers = null;
        }
    }

    /** Those who wait are to be told that it failed, without the guard. */
    void refused(Throwable why, List<Runnable> told) {
        if (answers != null) {
            for (Answer<?> answer : answers) {
                told.add(() -> answer.future.completeExceptionally(why));
            }
            answers = null;
        }
    }
}
