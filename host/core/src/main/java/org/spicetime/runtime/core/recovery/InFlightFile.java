// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recovery;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;

/**
 * Tasks in the hands of their handlers, in a mapped file: what is written there survives the death
 * of the process, however sudden, at the price of a few stores to memory; a loss of power may lose
 * it. At the next start it names those that were in flight, and how often in a row that happened
 * without an outcome in between.
 *
 * <p>A slot is four words: the id of the task, its state, and the number of crashes that it was in
 * flight at before this run. When all slots are taken further tasks are not remembered.
 *
 * <p>Thread-safe; {@link #close} comes last.
 */
public final class InFlightFile implements InFlight, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InFlightFile.class);
    private static final String NAME = "inflight.ring";
    private static final long MAGIC = 0x5350_4943_4546_4C01L;
    private static final int SLOTS = 4096;
    private static final int WORDS = 4;
    private static final int HEADER = 64;
    private static final long SIZE = HEADER + (long) SLOTS * WORDS * Long.BYTES;
    private static final VarHandle WORD = JAVA_LONG.varHandle();

    private static final long FREE = 0;
    private static final long RUNNING = 1;
    private static final long SUSPECT = 2;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment file;
    private final Map<TaskId, Integer> suspects = new ConcurrentHashMap<>();

    /* Slots that hold a suspect that does not run, by task. */
    private final Map<TaskId, Integer> waiting = new ConcurrentHashMap<>();
    private final AtomicIntegerArray taken = new AtomicIntegerArray(SLOTS);

    /**
     * Opens the file of an instance, and reads what the last run left in it.
     *
     * @param directory where it lies; made if it is not there
     * @throws UncheckedIOException if it cannot be made or mapped
     */
    public InFlightFile(Path directory) {
        Path path = directory.resolve(NAME);
        try {
            Files.createDirectories(directory);
            try (FileChannel channel =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE)) {
                boolean ours = channel.size() == SIZE;
                file = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE, arena);
                if (!ours || word(0) != MAGIC) {
                    if (channel.size() > 0 && ours) {
                        LOG.warn("{} is not what it should be and begins anew", path);
                    }
                    file.fill((byte) 0);
                    word(0, MAGIC);
                }
            }
        } catch (IOException impossible) {
            arena.close();
            throw new UncheckedIOException(path + " cannot be used", impossible);
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            read(slot);
        }
    }

    private void read(int slot) {
        long at = offset(slot);
        long state = word(at + 2 * Long.BYTES);
        if (state != RUNNING && state != SUSPECT) {
            word(at + 2 * Long.BYTES, FREE);
            return;
        }
        TaskId task;
        try {
            task = TaskId.of(new UUID(word(at), word(at + Long.BYTES)));
        } catch (IllegalArgumentException noTask) {
            LOG.warn("slot {} of {} holds no task", slot, NAME, noTask);
            word(at + 2 * Long.BYTES, FREE);
            return;
        }
        int before = (int) word(at + 3 * Long.BYTES);
        int crashes = state == RUNNING ? before + 1 : before;
        word(at + 3 * Long.BYTES, crashes);
        word(at + 2 * Long.BYTES, SUSPECT);
        taken.set(slot, 1);
        suspects.put(task, crashes);
        waiting.put(task, slot);
    }

    /**
     * The tasks that were in flight when a process died, and have had no outcome since: how often
     * in a row.
     */
    public Map<TaskId, Integer> suspects() {
        return Map.copyOf(suspects);
    }

    /** A task has its outcome without having run: it is under suspicion no longer. */
    public void acquit(TaskId task) {
        suspects.remove(task);
        Integer slot = waiting.remove(task);
        if (slot != null) {
            free(slot);
        }
    }

    @Override
    public int begin(TaskId task) {
        Integer own = waiting.isEmpty() ? null : waiting.remove(task);
        int slot = own == null ? take(task) : own;
        if (slot == UNMARKED) {
            return UNMARKED;
        }
        long at = offset(slot);
        if (own == null) {
            word(at, task.value().getMostSignificantBits());
            word(at + Long.BYTES, task.value().getLeastSignificantBits());
            word(at + 3 * Long.BYTES, 0);
        }
        word(at + 2 * Long.BYTES, RUNNING);
        return slot;
    }

    /* Neighbours in time look for a place at different ends. */
    private int take(TaskId task) {
        int first = Math.floorMod(task.value().hashCode() * 0x9E37_79B9, SLOTS);
        for (int i = 0; i < SLOTS; i++) {
            int slot = (first + i) % SLOTS;
            if (taken.get(slot) == 0 && taken.compareAndSet(slot, 0, 1)) {
                return slot;
            }
        }
        return UNMARKED;
    }

    @Override
    public void end(int mark) {
        if (mark == UNMARKED) {
            return;
        }
        if (!suspects.isEmpty()) {
            long at = offset(mark);
            suspects.remove(TaskId.of(new UUID(word(at), word(at + Long.BYTES))));
        }
        free(mark);
    }

    private void free(int slot) {
        word(offset(slot) + 2 * Long.BYTES, FREE);
        taken.set(slot, 0);
    }

    /** Whoever is still in flight stays behind on purpose, and is no suspect. */
    @Override
    public void close() {
        List<Integer> running = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            if (word(offset(slot) + 2 * Long.BYTES) == RUNNING) {
                running.add(slot);
            }
        }
        running.forEach(slot -> word(offset(slot) + 2 * Long.BYTES, FREE));
        file.force();
    }

    private static long offset(int slot) {
        return HEADER + (long) slot * WORDS * Long.BYTES;
    }

    private long word(long at) {
        return (long) WORD.getVolatile(file, at);
    }

    /* In program order, so that a state never stands beside the id of another task. */
    private void word(long at, long value) {
        WORD.setVolatile(file, at, value);
    }
}
