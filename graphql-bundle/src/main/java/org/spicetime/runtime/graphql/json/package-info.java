// SPDX-License-Identifier: Apache-2.0

/**
 * JSON of requests and answers: a strict reader and a writer, both over Jackson's streaming core.
 * Thread-safe.
 */
@NullMarked
package org.spicetime.runtime.graphql.json;

import org.jspecify.annotations.NullMarked;
