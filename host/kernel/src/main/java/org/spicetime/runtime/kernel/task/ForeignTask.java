// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * A task of another domain, as far as it matters to those that depend on it. Immutable.
 *
 * @param domain where it lives
 * @param phase its phase
 * @param started whether it has been dispatched once
 * @param result its result; null unless completed with one
 */
public record ForeignTask(
        DomainId domain, TaskPhase phase, boolean started, @Nullable Payload result) {
    public ForeignTask {
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(phase, "phase");
    }
}
