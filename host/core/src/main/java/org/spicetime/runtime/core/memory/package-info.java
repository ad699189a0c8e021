// SPDX-License-Identifier: Apache-2.0
/**
 * The memory pool of a domain: one mapping, cut into blocks as the kernel plans them, handed to
 * tasks as confined segments and taken back when the task ends. {@link
 * org.spicetime.runtime.core.memory.DomainPool} is thread-safe; a {@link
 * org.spicetime.runtime.core.memory.TaskArena} belongs to the thread that opened it.
 */
@NullMarked
package org.spicetime.runtime.core.memory;

import org.jspecify.annotations.NullMarked;
