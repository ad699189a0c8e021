// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Where a producer notes what the store told it, and what it is about to ask for. One write per
 * note, without synchronising: what the process wrote survives its own death, and in the trace its
 * place is the order of things. Thread-safe.
 */
final class AckLog implements AutoCloseable {

    /** Name of the file. */
    static final String NAME = "ack.log";

    /** Bytes of one note. */
    static final int NOTE = 1 + 16 + 4;

    private static final TaskId NO_TASK = TaskId.of(new UUID(0x7000L, 1L << 63));

    private final FileChannel file;
    private final LongAdder notes = new LongAdder();

    AckLog(Path directory) throws IOException {
        file =
                FileChannel.open(
                        directory.resolve(NAME),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
    }

    /** What is noted. */
    enum Note {
        /** Acknowledged: admitted; the value is how often it may be started. */
        ADMITTED('A'),
        /** Acknowledged: an attempt was started; the value is its number. */
        STARTED('S'),
        /** Acknowledged: finished; the value tells the phase. */
        FINISHED('F'),
        /** Acknowledged: it is to be cancelled while it runs. */
        CANCELLING('C'),
        /** About to be asked for: it is tried again; the value is how often more it may start. */
        WILL_RETRY('R'),
        /** About to be asked for: it may be removed from now on. */
        MAY_GO('G'),
        /** Acknowledged: the value is how many were pruned; of no task. */
        PRUNED('P');

        private final char letter;

        Note(char letter) {
            this.letter = letter;
        }

        private static Note of(byte letter) {
            for (Note note : values()) {
                if (note.letter == letter) {
                    return note;
                }
            }
            throw new IllegalArgumentException("no note: " + letter);
        }
    }

    private static final List<TaskPhase> ENDS =
            List.of(
                    TaskPhase.COMPLETED,
                    TaskPhase.FAILED,
                    TaskPhase.TIMED_OUT,
                    TaskPhase.CANCELLED);

    /** The value of a FINISHED. */
    static int value(TaskPhase end) {
        return ENDS.indexOf(end);
    }

    /** The phase that a FINISHED tells. */
    static TaskPhase phase(int value) {
        return ENDS.get(value);
    }

    /** Notes that tasks were pruned. */
    void pruned(long tasks) {
        write(Note.PRUNED, NO_TASK, Math.toIntExact(tasks));
    }

    /** One note. Immutable. */
    record Entry(Note note, TaskId task, int value) {}

    void write(Note note, TaskId task, int value) {
        write(note, List.of(task), value);
    }

    /** Notes the same of several tasks, in one write. */
    void write(Note note, List<TaskId> tasks, int value) {
        ByteBuffer out = ByteBuffer.allocate(NOTE * tasks.size());
        for (TaskId task : tasks) {
            UUID id = task.value();
            out.put((byte) note.letter)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .putInt(value);
        }
        out.flip();
        try {
            while (out.hasRemaining()) {
                file.write(out);
            }
            notes.add(tasks.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How much was noted so far. */
    long notes() {
        return notes.sum();
    }

    /** Reads the next note. */
    static Entry read(ByteBuffer in) {
        Note note = Note.of(in.get());
        UUID id = new UUID(in.getLong(), in.getLong());
        return new Entry(note, TaskId.of(id), in.getInt());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
