// SPDX-License-Identifier: Apache-2.0
/** Who calls, and what they may do. Values are immutable, services thread-safe. */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.security;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
