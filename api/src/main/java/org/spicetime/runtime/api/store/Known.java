// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import org.spicetime.runtime.api.TaskId;

/**
 * What was admitted under an idempotency key.
 *
 * <p>Immutable.
 *
 * @param task the task; it may have been purged since
 * @param inputHash hash of the input as it was sent; another one under the same key is a conflict
 */
public record Known(TaskId task, InputHash inputHash) {}
