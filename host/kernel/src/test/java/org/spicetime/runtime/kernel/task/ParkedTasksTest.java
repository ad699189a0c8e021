// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.task.TaskRequest;

/** Tasks that are known by their number only. */
class ParkedTasksTest {

    private final Fixture fixture = new Fixture();

    private List<TaskEntry> prepared(TaskRequest.Builder request) {
        return fixture.kernel.prepare(
                List.of(new Admission(fixture.newId(), request.build(), "noop")), fixture.now());
    }

    @Test
    void parked_tasks_count_and_cannot_be_picked() {
        fixture.kernel.park(prepared(Fixture.task()), fixture.now());
        fixture.kernel.foundParked(2);

        assertThat(fixture.kernel.unfinished()).isEqualTo(3);
        assertThat(fixture.kernel.counts().pending()).isEqualTo(3);
        assertThat(fixture.kernel.counts().scheduled()).isEqualTo(1);
        fixture.nothingToPick();

        fixture.kernel.unpark(3);
        assertThat(fixture.kernel.unfinished()).isZero();
        assertThatThrownBy(() -> fixture.kernel.unpark(1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_waits_for_something_is_not_parked() {
        List<TaskEntry> later =
                prepared(Fixture.task().runAt(fixture.now().instant().plus(Duration.ofHours(1))));

        assertThatThrownBy(() -> fixture.kernel.park(later, fixture.now()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SCHEDULED");
    }
}
