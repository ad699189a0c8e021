// SPDX-License-Identifier: Apache-2.0

/**
 * GraphQL over responses of HTTP that stay open: server-sent events, and parts. What they carry
 * comes from any thread; no thread waits for a reader.
 */
@NullMarked
package org.spicetime.runtime.graphql.sse;

import org.jspecify.annotations.NullMarked;
