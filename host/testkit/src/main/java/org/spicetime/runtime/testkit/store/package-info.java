// SPDX-License-Identifier: Apache-2.0
/**
 * The contract test of task stores: the store in memory, ours on disk, and those of vendors pass
 * the same one. Tests run on the thread JUnit gives them.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.testkit.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
