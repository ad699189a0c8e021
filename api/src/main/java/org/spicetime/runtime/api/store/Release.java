// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import java.util.UUID;

/**
 * Which release of which schedule a task is.
 *
 * <p>Immutable.
 *
 * @param schedule id of the schedule
 * @param nominal instant the schedule names, however late the task was admitted
 */
public record Release(UUID schedule, Instant nominal) {}
