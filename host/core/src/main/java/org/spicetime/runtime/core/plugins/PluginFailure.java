// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import org.jspecify.annotations.Nullable;

/** The code of a plugin did not do what was asked of it. Immutable. */
final class PluginFailure extends Exception {

    private static final long serialVersionUID = 1L;

    PluginFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** One sentence for people. */
    String sentence() {
        return String.valueOf(getMessage());
    }
}
