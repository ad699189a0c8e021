// SPDX-License-Identifier: Apache-2.0
/**
 * A host in the hand for authors of bundles: a virtual clock and default options. Every type says
 * who may call it.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
