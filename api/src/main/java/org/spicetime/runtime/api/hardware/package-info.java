// SPDX-License-Identifier: Apache-2.0
/**
 * What the machine is and how busy it is. Values are snapshots taken apart from any request, and
 * immutable; what the machine does not tell is absent, never zero. The service may be called by any
 * thread and never blocks.
 *
 * <p>Units are part of each name: bytes, hertz, degrees Celsius, operations and bytes per second,
 * ratios from 0 to 1. Counters only grow while the machine is up.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.hardware;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
