// SPDX-License-Identifier: Apache-2.0
/**
 * What a domain remembers of its tasks: what happened to each, the attempts and their logs, and the
 * order in which tasks changed last, from which streams of changes are read. In memory; what is
 * kept of a task goes with the task.
 *
 * <p>Everything here is guarded by the domain's guard, except {@link
 * org.spicetime.runtime.core.history.TaskLogs}, which handlers write from their own threads.
 */
@NullMarked
package org.spicetime.runtime.core.history;

import org.jspecify.annotations.NullMarked;
