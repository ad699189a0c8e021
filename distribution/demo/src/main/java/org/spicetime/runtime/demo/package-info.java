// SPDX-License-Identifier: Apache-2.0
/**
 * A client that drives a real workload through GraphQL over the socket and tells what ran when and
 * what it cost. It knows nothing of the host but its API. Used by one thread, the answers of the
 * loopback server apart.
 */
@NullMarked
package org.spicetime.runtime.demo;

import org.jspecify.annotations.NullMarked;
