// SPDX-License-Identifier: Apache-2.0
/**
 * Domains in virtual time: the kernel that ships, driven by an event loop instead of threads and a
 * clock. Any policy runs in it unmodified, and the same inputs give the same run. No threads: each
 * object is called by one thread at a time.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.testkit.simulation;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
