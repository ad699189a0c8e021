// SPDX-License-Identifier: Apache-2.0
/**
 * Tasks: what is asked for, what a task is now, and what running it cost. Every type here is
 * immutable; spans are {@link java.time.Duration}s, instants UTC, sizes bytes, and a larger
 * priority is more urgent.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.task;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
