// SPDX-License-Identifier: Apache-2.0
/**
 * The contract test of allocation strategies, for our own and for vendors': a random trace against
 * a naive model, over the interface the host uses. Tests run on the thread JUnit gives them.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.testkit.memory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
