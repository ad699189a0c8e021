// SPDX-License-Identifier: Apache-2.0
/**
 * Peers of the GraphQL endpoint, in a process each: a bare servlet that sends bytes, and
 * graphql-java behind a servlet. Each class says which threads it has.
 */
@NullMarked
package org.spicetime.runtime.benchmarks.peers.graphql;

import org.jspecify.annotations.NullMarked;
