// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import org.jspecify.annotations.Nullable;

/** What a policy promises, checked in plain words and without cost while it is kept. */
final class Promise {
    private Promise() {}

    /** Fails with a formatted sentence unless the promise is kept. */
    @SuppressWarnings("AnnotateFormatMethod") // has no annotation
    static void require(boolean kept, String broken, @Nullable Object... about) {
        if (!kept) throw new AssertionError(String.format(broken, about));
    }
}
