// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.Watch;

/**
 * The changes of a domain's tasks, taken at the reader's own pace: a task that changed several
 * times since it was taken last comes once, in its newest state, so that a slow reader neither
 * holds up the domain nor needs a buffer. Closing it ends the notifications. Thread-safe.
 */
@ProviderType
public interface TaskChanges extends Watch {
    /**
     * Takes the next changes, in the order of each task's last change; to be repeated until nothing
     * is left.
     *
     * @param most at most so many, 1 or more
     * @return empty: nothing changed since; the reader is told when that ends
     * @throws org.spicetime.runtime.api.error.RefusedException CURSOR_EXPIRED if the reader is
     *     further behind than the host remembers purged tasks, NOT_FOUND if the domain was deleted
     *     and all of its changes were taken
     */
    List<TaskChange> next(int most);
}
