// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.TaskId;

/** A process that dies is one that opens the file again without having closed it. */
class InFlightFileTest {

    private static final TaskId POISON = id(1);
    private static final TaskId OTHER = id(2);

    private static TaskId id(long number) {
        return TaskId.of(Instant.EPOCH, new SplittableRandom(number));
    }

    @TempDir private Path directory;

    @Test
    void a_task_that_was_in_flight_is_a_suspect_and_one_that_had_ended_is_not() {
        InFlightFile first = new InFlightFile(directory);
        first.begin(POISON);
        first.end(first.begin(OTHER));

        assertThat(new InFlightFile(directory).suspects()).containsOnlyKeys(POISON);
    }

    @Test
    void crashes_in_a_row_are_counted_also_over_a_run_in_which_the_task_did_not_run() {
        new InFlightFile(directory).begin(POISON);
        new InFlightFile(directory).begin(POISON);
        new InFlightFile(directory).begin(OTHER);

        InFlightFile fourth = new InFlightFile(directory);

        assertThat(fourth.suspects()).containsEntry(POISON, 2).containsEntry(OTHER, 1);
        fourth.begin(POISON);
        assertThat(new InFlightFile(directory).suspects()).containsEntry(POISON, 3);
    }

    @Test
    void an_outcome_ends_the_row() {
        new InFlightFile(directory).begin(POISON);
        InFlightFile second = new InFlightFile(directory);
        second.end(second.begin(POISON));
        second.begin(POISON);

        assertThat(new InFlightFile(directory).suspects()).containsEntry(POISON, 1);
    }

    @Test
    void who_is_acquitted_or_left_behind_at_a_clean_stop_is_no_suspect() {
        new InFlightFile(directory).begin(POISON);
        InFlightFile second = new InFlightFile(directory);
        second.acquit(POISON);
        second.begin(OTHER);
        second.close();

        assertThat(new InFlightFile(directory).suspects()).isEmpty();
    }

    @Test
    void more_tasks_than_slots_are_not_remembered_and_do_no_harm() {
        InFlightFile file = new InFlightFile(directory);
        int marked = 0;
        for (int i = 0; i < 5000; i++) {
            int mark = file.begin(id(i + 3));
            marked += mark == InFlight.UNMARKED ? 0 : 1;
            if (mark == InFlight.UNMARKED) {
                file.end(mark);
            }
        }

        assertThat(marked).isEqualTo(4096);
        assertThat(new InFlightFile(directory).suspects()).hasSize(4096);
    }

    @Test
    void a_foreign_or_shortened_file_begins_anew() throws IOException {
        Files.write(directory.resolve("inflight.ring"), new byte[] {1, 2, 3});

        InFlightFile file = new InFlightFile(directory);

        assertThat(file.suspects()).isEmpty();
        file.begin(POISON);
        assertThat(new InFlightFile(directory).suspects()).containsOnlyKeys(POISON);
    }
}
