// SPDX-License-Identifier: Apache-2.0
/**
 * What is deployed and how far it is trusted: bundles, policies, strategies, handlers, and their
 * ejections. Every value is an immutable snapshot; the service is thread-safe.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.catalogue;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
