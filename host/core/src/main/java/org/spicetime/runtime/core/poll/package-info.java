// SPDX-License-Identifier: Apache-2.0
/**
 * What the host weaves into classes of bundles: into policies and strategies a poll that ends a
 * call which the watchdog gave up on, into task handlers one at which the task gives way or ends.
 * Exported for woven code alone; nobody else should use it. Thread-safe.
 */
@Export
@Version("1.1.0")
@NullMarked
package org.spicetime.runtime.core.poll;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
