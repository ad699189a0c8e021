// SPDX-License-Identifier: Apache-2.0

/**
 * The GraphQL engine behind every transport: schema generations, limits, roles, errors. Called by
 * many request threads at a time; values are immutable.
 */
@NullMarked
package org.spicetime.runtime.graphql.engine;

import org.jspecify.annotations.NullMarked;
