// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.UUID;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.api.task.TaskType;

/**
 * What light tasks of one origin have in common; made by {@link DomainKernel#lightKind}. Immutable,
 * apart from the range of priorities, which is the domain's.
 */
public final class LightKind {
    /* Version 8 and the variant of RFC 9562; the number of the task fills the rest. */
    private static final long VERSION = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long NUMBER = 0x3fff_ffff_ffff_ffffL;

    final TaskType type;
    final int priority;
    final long estimatedNanos;
    final long relativeDeadlineNanos;
    final PriorityRange range;
    private final long domain;

    LightKind(String domain, TaskDefaults defaults, int priority, PriorityRange range) {
        this.domain = (long) domain.hashCode() << 32;
        this.type = defaults.type();
        this.priority = priority;
        this.range = range;
        this.estimatedNanos = defaults.estimatedDuration().toNanos();
        this.relativeDeadlineNanos =
                defaults.relativeDeadline() == null
                        ? SlicedTask.NEVER
                        : defaults.relativeDeadline().toNanos();
    }

    UUID id(long seq) {
        return new UUID(domain | VERSION, VARIANT | seq & NUMBER);
    }
}
