// SPDX-License-Identifier: Apache-2.0
/** Tests of the load on the endpoint. */
@NullMarked
package org.spicetime.runtime.benchmarks.graphql;

import org.jspecify.annotations.NullMarked;
