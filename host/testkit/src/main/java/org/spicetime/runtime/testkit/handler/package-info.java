// SPDX-License-Identifier: Apache-2.0
/**
 * The surroundings of one attempt, for tests of task handlers. A context belongs to the thread that
 * made it, as in the host.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.testkit.handler;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
