// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.time.Instant;

/**
 * Which schema answers a request. Immutable.
 *
 * @param generation counts schema swaps since the start, from 1
 * @param hash SHA-256 of the SDL in hexadecimal
 * @param since when it was put in place
 * @param sdl its text
 */
public record SchemaFacts(int generation, String hash, Instant since, String sdl) {}
