// SPDX-License-Identifier: Apache-2.0

/**
 * The scalars DateTime, BigInt, JSON and Labels. Every type is immutable and thread-safe; bounds
 * are checked before any arithmetic.
 */
@NullMarked
package org.spicetime.runtime.graphql.scalar;

import org.jspecify.annotations.NullMarked;
