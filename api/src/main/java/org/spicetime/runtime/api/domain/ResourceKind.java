// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** Resources of a domain. */
public enum ResourceKind {
    /** Processor. */
    CPU,
    /** Memory pool. */
    MEMORY,
    /** Network. */
    NETWORK,
    /** Disk. */
    STORAGE
}
