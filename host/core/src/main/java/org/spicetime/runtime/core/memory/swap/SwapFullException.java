// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.io.IOException;

/** A swap file has no room for another block. Nothing was written. */
final class SwapFullException extends IOException {
    private static final long serialVersionUID = 1L;

    SwapFullException(String limit) {
        super("the swap file has reached " + limit);
    }
}
