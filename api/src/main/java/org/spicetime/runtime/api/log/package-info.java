// SPDX-License-Identifier: Apache-2.0
/**
 * The newest log records of the host, and the levels of its loggers. Records and filters are
 * immutable; the service is thread-safe.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.log;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
