// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Sets rules of the library that is preloaded into this process. Thread-safe. */
final class FaultRule {

    private final MethodHandle set;
    private final MethodHandle count;

    /** The library; it must be the one that is preloaded. */
    @SuppressWarnings("restricted") // native access is what it is for
    FaultRule(Path library) {
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        Linker linker = Linker.nativeLinker();
        set =
                linker.downcallHandle(
                        symbols.findOrThrow("faults_rule"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        count =
                linker.downcallHandle(
                        symbols.findOrThrow("faults_count"),
                        FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    }

    /** From now on this rule holds, and calls are counted from 0. Empty: none. */
    void set(String rule) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(rule);
            int done = (int) set.invokeExact(text);
            if (done != 0) {
                throw new IllegalStateException("the rule was not taken: " + rule);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls the rule looked at so far. */
    long count() {
        try {
            return (long) count.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
