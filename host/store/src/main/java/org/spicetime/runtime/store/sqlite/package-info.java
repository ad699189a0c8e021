// SPDX-License-Identifier: Apache-2.0
/**
 * The store of tasks on SQLite: one connection writes what belongs together in one commit, a few
 * others read. Thread-safe unless a type says otherwise.
 */
@NullMarked
package org.spicetime.runtime.store.sqlite;

import org.jspecify.annotations.NullMarked;
