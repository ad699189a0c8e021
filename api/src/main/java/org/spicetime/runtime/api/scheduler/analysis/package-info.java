// SPDX-License-Identifier: Apache-2.0
/**
 * Schedulability tests that policies can offer as they are: pure functions of a task set and a
 * budget, for sporadic tasks (a period is the shortest time between two releases) whose releases
 * may come at any instants. Each call counts its elementary steps and ends after some millions of
 * them with what it knows by then.
 *
 * <p>They live in the contract, not in a plugin, because several policies share them and no plugin
 * may depend on another one.
 *
 * <p>Everything here is immutable or used by one call only, so any thread may call it.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.scheduler.analysis;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
