// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.lane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Keeps the fields before it off the cache line of an index. */
abstract class IndexRoom {
    long before0;
    long before1;
    long before2;
    long before3;
    long before4;
    long before5;
    long before6;
}

/** The index itself. */
abstract class IndexWord extends IndexRoom {
    static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(IndexWord.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    long word;
}

/** A number that several threads write, on a cache line of its own. Thread-safe. */
final class PaddedIndex extends IndexWord {
    long after0;
    long after1;
    long after2;
    long after3;
    long after4;
    long after5;
    long after6;

    long get() {
        return (long) WORD.getVolatile(this);
    }

    long getAcquire() {
        return (long) WORD.getAcquire(this);
    }

    void setRelease(long value) {
        WORD.setRelease(this, value);
    }

    boolean compareAndSet(long expected, long value) {
        return WORD.compareAndSet(this, expected, value);
    }
}
