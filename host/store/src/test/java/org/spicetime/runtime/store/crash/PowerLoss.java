// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.util.List;

/** What becomes of writes that were not synchronised. Immutable. */
enum PowerLoss {
    /** None of them reached the disk. */
    DROP_ALL,
    /** Of each file, the first ones did. */
    PREFIX,
    /** Any of them did, and of some only part of their sectors. */
    TORN,
    /** All did: what a process leaves that is killed. */
    KEEP_ALL;

    /** In their order. */
    static final List<PowerLoss> ALL = List.of(values());
}
