// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusedExceptionTest {

    @Test
    void aChoiceThatIsNotDeployedIsToldWithThoseThatAre() {
        RefusedException refusal =
                RefusedException.notAvailable(
                        "scheduler.policy", "MLFQ", List.of("PRIORITY", "EDF"));

        assertThat(refusal.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
        assertThat(refusal.details())
                .isEqualTo(
                        Map.of(
                                "field", "scheduler.policy",
                                "reason", "NOT_AVAILABLE",
                                "available", List.of("EDF", "PRIORITY")));
        assertThat(refusal)
                .hasMessage("scheduler.policy: MLFQ is not available; available: EDF, PRIORITY");
    }

    @Test
    void aFactIsAddedWithoutLosingTheOthers() {
        RefusedException refusal =
                RefusedException.exhausted("the pool is full", 10, 3).with("domain", "d");

        assertThat(refusal.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
        assertThat(refusal.details())
                .isEqualTo(Map.of("requested", 10L, "available", 3L, "domain", "d"));
        assertThat(refusal).hasMessage("the pool is full");
    }

    @Test
    void aValueOutOfRangeIsNamedWithItsRange() {
        assertThat(RefusedException.outOfRange("priority", 200, "0 .. 99"))
                .hasMessage("priority must be 0 .. 99, was 200");
    }

    @Test
    void whatWasLookedForIsRepeatedOnlyAsFarAsItHelps() {
        assertThat(RefusedException.notFound("policy", "x".repeat(70_000)))
                .hasMessageContaining("x\"... (70000 characters)".replace("\"", ""))
                .hasMessageEndingWith("list the policies that there are");
        assertThat(RefusedException.notFound("task", "a\u0000\u001b[31m"))
                .hasMessageContaining("\"a??[31m\"");
    }
}
