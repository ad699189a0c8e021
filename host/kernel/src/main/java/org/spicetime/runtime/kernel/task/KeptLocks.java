// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayList;
import java.util.List;

/**
 * The locks of an attempt that is over for its domain while its thread still runs. Guarded by the
 * caller.
 */
public final class KeptLocks {
    final List<DomainLock> locks;

    KeptLocks(List<DomainLock> locks) {
        this.locks = new ArrayList<>(locks);
    }

    /** Names of the locks. */
    public List<String> names() {
        return locks.stream().map(lock -> lock.name).toList();
    }
}
