// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.util.List;

/**
 * Stored tasks of a range, read at one moment.
 *
 * <p>Immutable.
 *
 * @param items the tasks, in the order asked for; may be empty
 * @param more whether the range holds more of them, beyond the end that was not asked for
 * @param asOf the domain's sequence at that moment; changes after it are not in the items
 */
public record TaskSlice(List<TaskRecord> items, boolean more, ChangeCursor asOf) {

    /** Copies the list. */
    public TaskSlice {
        items = List.copyOf(items);
    }
}
