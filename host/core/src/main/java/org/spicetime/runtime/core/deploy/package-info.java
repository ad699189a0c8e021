// SPDX-License-Identifier: Apache-2.0
/**
 * The watched directory {@code deploy/}. FileInstall scans it and tells which file came, changed or
 * went; this package makes a bundle of each file, on threads that are watched, so that a bundle
 * that hangs holds up nobody else. For each file at most one thread is at work.
 */
@NullMarked
package org.spicetime.runtime.core.deploy;

import org.jspecify.annotations.NullMarked;
