// SPDX-License-Identifier: Apache-2.0
/**
 * Questions to the store on disk. A few connections that cannot write answer them, each question in
 * one short read transaction that sees one moment and is broken off after a time: a long reader
 * would keep the engine's log from being reset. Lists are read by keyset, never by offset (Markus
 * Winand, <i>SQL Performance Explained</i>, 2012, on the seek method); every statement is one
 * constant or built in one place, and a test reads the engine's plan of each.
 *
 * <p>Thread-safe, except for what is used within one question.
 */
@NullMarked
package org.spicetime.runtime.store.sqlite.read;

import org.jspecify.annotations.NullMarked;
