// SPDX-License-Identifier: Apache-2.0
/**
 * Starts and stops the OSGi framework of an installation on an instance directory; knows nothing of
 * what the bundles do.
 *
 * <p>All of it runs on the main thread, except {@link Shutdown}, whose hook runs on a thread of the
 * JVM.
 */
@NullMarked
package org.spicetime.runtime.launcher;

import org.jspecify.annotations.NullMarked;
