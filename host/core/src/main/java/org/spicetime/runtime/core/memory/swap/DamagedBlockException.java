// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.io.IOException;

/** What a swap file gives back is not what was written to it. */
final class DamagedBlockException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedBlockException(String message) {
        super(message);
    }
}
