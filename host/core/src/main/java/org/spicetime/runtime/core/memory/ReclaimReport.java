// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

/**
 * What a task still held when its arena was reclaimed. Immutable.
 *
 * @param bytes bytes of its blocks, rounding included
 * @param blocks number of its blocks
 */
public record ReclaimReport(long bytes, long blocks) {}
