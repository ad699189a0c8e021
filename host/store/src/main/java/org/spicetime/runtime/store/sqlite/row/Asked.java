// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import org.spicetime.runtime.api.task.Task;

/** Which parts of a task were in its request, and were not a default of its domain. Thread-safe. */
final class Asked {

    static final int HANDLER = 1;
    static final int DURABILITY = 2;
    static final int DEADLINE = 4;

    private Asked() {}

    static int of(Task task) {
        return (task.request().handler() == null ? 0 : HANDLER)
                | (task.request().durability() == null ? 0 : DURABILITY)
                | (task.request().deadline() == null ? 0 : DEADLINE);
    }
}
