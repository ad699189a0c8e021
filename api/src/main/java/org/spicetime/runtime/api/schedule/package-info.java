// SPDX-License-Identifier: Apache-2.0
/**
 * Periodic work: a schedule admits a task with its own id at every release. Every type here is
 * immutable; spans are {@link java.time.Duration}s, instants UTC.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.schedule;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
