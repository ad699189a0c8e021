// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;
import static org.spicetime.runtime.testkit.simulation.Step.block;
import static org.spicetime.runtime.testkit.simulation.Step.run;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.task.TaskType;

/** Recordings as texts, and replays of them. */
final class RecordingTest {
    private static final Recording RECORDING =
            new Recording(
                    1,
                    0,
                    65,
                    -5,
                    20,
                    true,
                    QueuePolicy.FIFO,
                    List.of(
                            new RecordedTask(
                                    once("slow one", 10).withDeadline(40).withType(TaskType.IO),
                                    10,
                                    false),
                            new RecordedTask(
                                    once("a\tb", run(2), block(3), run(1))
                                            .releasedAt(1)
                                            .withDeadline(7)
                                            .withEstimate(3)
                                            .withPriority(-2),
                                    16,
                                    true)));

    @Test
    void aRecordingIsReadAsItWasWritten() {
        assertThat(Recording.parse(RECORDING.text())).isEqualTo(RECORDING);
    }

    @Test
    void theTextIsAsDocumented() {
        assertThat(RECORDING.text().lines().toList())
                .contains(
                        "slots 1",
                        "ties FIFO",
                        "0\t40\t-\t0\tIO\t10\tok\trun:10\tslow+one",
                        "1\t7\t3\t-2\tCOMPUTATION\t16\tlate\trun:2,block:3,run:1\ta%09b");
    }

    @Test
    void aLineThatCannotBeReadIsNamed() {
        String damaged = RECORDING.text().replace("block:3", "sleep:3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recording.parse(damaged))
                .withMessage("line 11: no such step: sleep:3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recording.parse("slots 2\n"))
                .withMessageContaining("quantum");
    }

    @Test
    void aReplayUnderAnotherPolicyShowsWhatWouldHaveBeen() {
        WhatIf answer = RECORDING.whatIf(Keyed.ARRIVAL, Keyed.DEADLINE);
        assertThat(answer.under("recorded").misses()).isEqualTo(1);
        assertThat(answer.under("ARRIVAL").misses()).isEqualTo(1);
        assertThat(answer.under("ARRIVAL").longest()).isEqualTo(15);
        assertThat(answer.under("DEADLINE").misses()).isZero();
        assertThat(answer.under("DEADLINE").longest()).isEqualTo(13);
        assertThat(answer.toString().lines()).hasSize(4);
    }
}
