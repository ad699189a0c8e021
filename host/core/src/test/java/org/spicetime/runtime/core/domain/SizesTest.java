// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/** What handlers give back is bounded. */
@Timeout(60)
class SizesTest {

    @Test
    void anErrorTextIsCutWithAMark() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("errors");
            host.work(
                    "loud",
                    context -> {
                        throw new IllegalStateException("x".repeat(5000));
                    });
            RuntimeError error = Objects.requireNonNull(ended(domain, "loud").error());
            assertThat(error.message()).hasSize(4096).startsWith("xxx").endsWith("x\u2026");
        }
    }

    @Test
    void aResultThatIsTooLargeFailsTheAttemptWithItsSizeAndTheLimit() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("results");
            // As JSON the answer is this text, and 11 bytes around it.
            host.work("large", context -> "r".repeat(256 * 1024 - 10));
            host.work("fits", context -> "r".repeat(256 * 1024 - 11));
            Task failed = ended(domain, "large");
            assertThat(failed.phase()).isEqualTo(TaskPhase.FAILED);
            assertThat(failed.result()).isNull();
            RuntimeError error = Objects.requireNonNull(failed.error());
            assertThat(error.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
            assertThat(error.message()).contains("262144").contains("262145");
            assertThat(ended(domain, "fits").phase()).isEqualTo(TaskPhase.COMPLETED);
        }
    }

    private static Task ended(Domain domain, String handler) {
        TaskId id = TestHost.get(domain.schedule(TestHost.task(handler).build())).id();
        return TestHost.ended(domain, id);
    }
}
