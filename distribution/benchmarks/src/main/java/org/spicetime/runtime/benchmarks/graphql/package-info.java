// SPDX-License-Identifier: Apache-2.0
/**
 * What the GraphQL endpoint costs: the assembled host beside a bare servlet that sends the same
 * bytes and beside graphql-java behind a plain servlet, each in a process of its own; this package
 * is the load, in a third one. Each class says which threads it has.
 */
@NullMarked
package org.spicetime.runtime.benchmarks.graphql;

import org.jspecify.annotations.NullMarked;
