// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list, read at one moment.
 *
 * <p>Immutable.
 *
 * @param <T> what is listed
 * @param items the part; may be empty
 * @param next where the next part begins; null: this was the last one
 * @param asOf the domain's sequence at that moment; changes after it are not in this page
 */
public record Page<T>(List<T> items, @Nullable PageCursor next, ChangeCursor asOf) {

    /** Copies the list. */
    public Page {
        items = List.copyOf(items);
    }
}
