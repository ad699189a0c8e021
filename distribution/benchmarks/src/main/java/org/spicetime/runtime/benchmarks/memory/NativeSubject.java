// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An allocator of native code, called without a change of the thread's state. It keeps its past.
 */
abstract class NativeSubject implements Subject {
    private static final List<Path> MIMALLOC =
            List.of(
                    Path.of("/usr/lib/x86_64-linux-gnu/libmimalloc.so.2"),
                    Path.of("/usr/lib/aarch64-linux-gnu/libmimalloc.so.2"),
                    Path.of("/usr/lib/x86_64-linux-gnu/libmimalloc.so"),
                    Path.of("/usr/lib/aarch64-linux-gnu/libmimalloc.so"));

    private final String name;
    private long[] addresses = new long[0];

    private NativeSubject(String name) {
        this.name = name;
    }

    static Subject malloc() {
        return new Malloc();
    }

    /** Debian's mimalloc; empty: it is not installed. */
    static Optional<Subject> mimalloc() {
        return library().isPresent() ? Optional.of(new Mimalloc()) : Optional.empty();
    }

    /** Address of a block; 0: no memory. */
    abstract long allocate(long bytes) throws Throwable;

    abstract void free(long address) throws Throwable;

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean madeAnew() {
        return false;
    }

    @Override
    public void begin(int slots) {
        addresses = new long[slots];
    }

    @Override
    public boolean put(int slot, int bytes) {
        try {
            addresses[slot] = allocate(bytes);
        } catch (Throwable failed) {
            throw new IllegalStateException(name + " could not be called", failed);
        }
        return addresses[slot] != 0;
    }

    @Override
    public void take(int slot) {
        try {
            free(addresses[slot]);
        } catch (Throwable failed) {
            throw new IllegalStateException(name + " could not be called", failed);
        }
        addresses[slot] = 0;
    }

    @Override
    public void end() {
        for (int slot = 0; slot < addresses.length; slot++) take(slot);
    }

    /** Where a slot's block lies; 0: it is empty. */
    long address(int slot) {
        return addresses[slot];
    }

    private static Optional<Path> library() {
        return MIMALLOC.stream().filter(Files::exists).findFirst();
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(SymbolLookup library, String name, FunctionDescriptor type) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), type, Linker.Option.critical(false));
    }

    /* Handles are constants, so the optimising compiler sees the call. */
    private static final class Malloc extends NativeSubject {
        private static final SymbolLookup C = Linker.nativeLinker().defaultLookup();
        private static final MethodHandle MALLOC =
                handle(C, "malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        private static final MethodHandle FREE =
                handle(C, "free", FunctionDescriptor.ofVoid(JAVA_LONG));

        Malloc() {
            super("malloc");
        }

        @Override
        long allocate(long bytes) throws Throwable {
            return (long) MALLOC.invokeExact(bytes);
        }

        @Override
        void free(long address) throws Throwable {
            FREE.invokeExact(address);
        }
    }

    @SuppressWarnings("restricted")
    private static final class Mimalloc extends NativeSubject {
        private static final SymbolLookup LIBRARY =
                SymbolLookup.libraryLookup(library().orElseThrow(), Arena.global());
        private static final MethodHandle MALLOC =
                handle(LIBRARY, "mi_malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        private static final MethodHandle FREE =
                handle(LIBRARY, "mi_free", FunctionDescriptor.ofVoid(JAVA_LONG));

        Mimalloc() {
            super("mimalloc");
        }

        @Override
        long allocate(long bytes) throws Throwable {
            return (long) MALLOC.invokeExact(bytes);
        }

        @Override
        void free(long address) throws Throwable {
            FREE.invokeExact(address);
        }
    }
}
