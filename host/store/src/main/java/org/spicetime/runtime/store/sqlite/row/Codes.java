// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.util.EnumMap;
import java.util.Map;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.store.IntendedState;
import org.spicetime.runtime.api.task.AttemptOutcome;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.DeadlineMissPolicy;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskType;

/**
 * The numbers words are stored as. They never change; a new word takes a new number. Immutable.
 *
 * @param <E> the words
 */
public final class Codes<E extends Enum<E>> {

    /** Below 10: not finished. PREEMPTED and WAITING_RESOURCE are never stored. */
    public static final Codes<TaskPhase> PHASE =
            new Codes<>(
                    TaskPhase.class,
                    Map.ofEntries(
                            Map.entry(TaskPhase.READY, 0),
                            Map.entry(TaskPhase.SCHEDULED, 1),
                            Map.entry(TaskPhase.RETRY_WAIT, 2),
                            Map.entry(TaskPhase.WAITING_DEPENDENCY, 3),
                            Map.entry(TaskPhase.SUSPENDED, 4),
                            Map.entry(TaskPhase.RUNNING, 5),
                            Map.entry(TaskPhase.CANCELLING, 6),
                            Map.entry(TaskPhase.COMPLETED, 10),
                            Map.entry(TaskPhase.FAILED, 11),
                            Map.entry(TaskPhase.TIMED_OUT, 12),
                            Map.entry(TaskPhase.CANCELLED, 13)));

    /** Kinds of work. */
    public static final Codes<TaskType> TYPE =
            new Codes<>(
                    TaskType.class,
                    Map.of(
                            TaskType.COMPUTATION,
                            0,
                            TaskType.IO,
                            1,
                            TaskType.NETWORK,
                            2,
                            TaskType.MAINTENANCE,
                            3));

    /** What follows a missed deadline. */
    public static final Codes<DeadlineMissPolicy> ON_MISS =
            new Codes<>(
                    DeadlineMissPolicy.class,
                    Map.of(DeadlineMissPolicy.CONTINUE, 0, DeadlineMissPolicy.CANCEL, 1));

    /** What follows the death of the host. */
    public static final Codes<CrashPolicy> ON_CRASH =
            new Codes<>(
                    CrashPolicy.class,
                    Map.of(CrashPolicy.RETRY, 0, CrashPolicy.FAIL, 1, CrashPolicy.ASK, 2));

    /** Whether a task survives a crash. */
    public static final Codes<Durability> DURABILITY =
            new Codes<>(Durability.class, Map.of(Durability.DURABLE, 0, Durability.VOLATILE, 1));

    /** What about another task is waited for. */
    public static final Codes<DependencyType> DEPENDENCY =
            new Codes<>(
                    DependencyType.class,
                    Map.of(
                            DependencyType.SUCCESS,
                            0,
                            DependencyType.COMPLETION,
                            1,
                            DependencyType.START,
                            2,
                            DependencyType.DATA,
                            3,
                            DependencyType.SOFT,
                            4));

    /** How attempts end. */
    public static final Codes<AttemptOutcome> OUTCOME =
            new Codes<>(
                    AttemptOutcome.class,
                    Map.of(
                            AttemptOutcome.COMPLETED,
                            0,
                            AttemptOutcome.FAILED,
                            1,
                            AttemptOutcome.TIMED_OUT,
                            2,
                            AttemptOutcome.CANCELLED,
                            3,
                            AttemptOutcome.LOST,
                            4));

    /** How serious a line is. */
    public static final Codes<LogLevel> LEVEL =
            new Codes<>(
                    LogLevel.class,
                    Map.of(
                            LogLevel.TRACE,
                            0,
                            LogLevel.DEBUG,
                            1,
                            LogLevel.INFO,
                            2,
                            LogLevel.WARN,
                            3,
                            LogLevel.ERROR,
                            4));

    /** How a measurement was taken. */
    public static final Codes<MeasurementAccuracy> ACCURACY =
            new Codes<>(
                    MeasurementAccuracy.class,
                    Map.of(MeasurementAccuracy.EXACT, 0, MeasurementAccuracy.ATTRIBUTED, 1));

    /** State a domain is meant to be in. */
    public static final Codes<IntendedState> INTENDED =
            new Codes<>(
                    IntendedState.class,
                    Map.of(
                            IntendedState.RUNNING,
                            0,
                            IntendedState.PAUSED,
                            1,
                            IntendedState.DRAINING,
                            2,
                            IntendedState.STOPPED,
                            3));

    /** Where a configuration came from. */
    public static final Codes<ConfigSource> SOURCE =
            new Codes<>(
                    ConfigSource.class,
                    Map.of(
                            ConfigSource.DEFAULT,
                            0,
                            ConfigSource.FILE,
                            1,
                            ConfigSource.API,
                            2,
                            ConfigSource.CONSOLE,
                            3));

    private final Class<E> words;
    private final Map<E, Integer> numbers;
    private final Map<Integer, E> byNumber;

    private Codes(Class<E> words, Map<E, Integer> numbers) {
        this.words = words;
        this.numbers = new EnumMap<>(numbers);
        byNumber = new java.util.HashMap<>();
        numbers.forEach((word, number) -> byNumber.put(number, word));
    }

    /**
     * The number of a word.
     *
     * @param word the word
     * @return what is stored
     * @throws IllegalArgumentException if the word is never stored
     */
    public int of(E word) {
        Integer number = numbers.get(word);
        if (number == null) {
            throw new IllegalArgumentException(word + " is never stored");
        }
        return number;
    }

    /**
     * The word of a number.
     *
     * @param number what is stored
     * @return the word
     * @throws IllegalArgumentException if no word has it
     */
    public E word(int number) {
        E word = byNumber.get(number);
        if (word == null) {
            throw new IllegalArgumentException(
                    words.getSimpleName() + " has no word of number " + number);
        }
        return word;
    }
}
