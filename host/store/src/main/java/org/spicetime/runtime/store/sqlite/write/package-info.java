// SPDX-License-Identifier: Apache-2.0
/**
 * The write side of the store on SQLite: one thread takes all calls that wait, applies them one by
 * one to what it knows, writes what came of it and commits once. {@link
 * org.spicetime.runtime.store.sqlite.write.Writer} is thread-safe; all else belongs to its thread
 * unless a type says otherwise.
 */
@NullMarked
package org.spicetime.runtime.store.sqlite.write;

import org.jspecify.annotations.NullMarked;
