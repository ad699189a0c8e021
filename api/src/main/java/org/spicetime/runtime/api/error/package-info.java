// SPDX-License-Identifier: Apache-2.0
/**
 * What can go wrong, with stable codes. A refusal (nothing changed) is a {@link
 * org.spicetime.runtime.api.error.RefusedException}; a failure inside a domain is a {@link
 * org.spicetime.runtime.api.error.RuntimeError}. Every type here is immutable.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.error;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
