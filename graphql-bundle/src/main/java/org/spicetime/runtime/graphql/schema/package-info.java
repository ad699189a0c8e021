// SPDX-License-Identifier: Apache-2.0

/**
 * The schema that is served and what answers its fields: one small class per area, each of plain
 * functions over the values of the api. Fetchers run on many request threads at a time and keep no
 * state.
 */
@NullMarked
package org.spicetime.runtime.graphql.schema;

import org.jspecify.annotations.NullMarked;
