// SPDX-License-Identifier: Apache-2.0
/**
 * What people would otherwise use for durable jobs, each set up in its usual way, in a process of
 * its own. One class per engine; the engines have threads of their own.
 */
@NullMarked
package org.spicetime.runtime.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
