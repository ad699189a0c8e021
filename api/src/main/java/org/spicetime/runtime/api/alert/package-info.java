// SPDX-License-Identifier: Apache-2.0
/**
 * What is the matter with the host and its domains, told by rules of the host. An {@link
 * org.spicetime.runtime.api.alert.Alert} is an immutable snapshot; the service is thread-safe.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.alert;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
