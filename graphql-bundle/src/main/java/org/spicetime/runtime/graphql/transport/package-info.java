// SPDX-License-Identifier: Apache-2.0

/**
 * What every transport does with a request: its parameters, its id, its error entries. Values are
 * immutable, all else is thread-safe.
 */
@NullMarked
package org.spicetime.runtime.graphql.transport;

import org.jspecify.annotations.NullMarked;
