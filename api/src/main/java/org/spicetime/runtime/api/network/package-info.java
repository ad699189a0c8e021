// SPDX-License-Identifier: Apache-2.0
/**
 * Outgoing network use of a domain's tasks: its limits, its client, its measurements. Configuration
 * and measurements are immutable; the client is thread-safe.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.network;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
