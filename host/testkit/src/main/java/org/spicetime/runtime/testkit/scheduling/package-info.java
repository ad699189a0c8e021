// SPDX-License-Identifier: Apache-2.0
/**
 * The contract test of scheduling policies, for our own and for vendors': random operations on the
 * kernel that ships, on a virtual clock. Tests run on the thread JUnit gives them.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.testkit.scheduling;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
