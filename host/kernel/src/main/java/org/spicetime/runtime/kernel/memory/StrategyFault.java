// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.kernel.guard.CallFault;

/** The meter found fault with a call into a strategy. Never leaves this package. */
final class StrategyFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final transient CallFault found;

    StrategyFault(CallFault found, @Nullable Throwable thrown) {
        super(found.message(), thrown, false, false);
        this.found = found;
    }
}
