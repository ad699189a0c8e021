// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.poll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The word that a poll reads, on a cache line that nothing else writes. Thread-safe. */
abstract class PollFlag extends PollRoom {

    static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(PollFlag.class, "word", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    int word;
}
