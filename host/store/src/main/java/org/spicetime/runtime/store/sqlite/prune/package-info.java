// SPDX-License-Identifier: Apache-2.0
/**
 * What a store on disk forgets besides tasks, in steps so small that whoever waits for the writer
 * does not notice. Called by the writer's thread.
 */
@NullMarked
package org.spicetime.runtime.store.sqlite.prune;

import org.jspecify.annotations.NullMarked;
