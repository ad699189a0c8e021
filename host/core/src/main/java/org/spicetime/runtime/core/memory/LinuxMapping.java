// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Set;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

/**
 * A private anonymous mapping. It reserves much more address space than is usable at first, so that
 * a pool grows where it lies; pages are taken as they are touched. The constants are those of Linux
 * on x86-64 and AArch64, the only machines it is used on. Thread-safe, but for {@link #resize}.
 */
final class LinuxMapping implements PoolMemory {
    static final long PAGE_BYTES = 4096;

    private static final Set<String> MACHINES = Set.of("amd64", "aarch64");
    private static final int PROT_NONE = 0;
    private static final int PROT_READ_WRITE = 0x1 | 0x2;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final int MADV_DONTNEED = 4;
    private static final int ENOMEM = 12;
    private static final long MAP_FAILED = -1;
    private static final long RESERVED_BYTES = 64L << 30;
    private static final long RESERVED_ALIGNMENT = 64L << 20;

    private final MemorySegment mapped;
    private final MemorySegment reserved;
    private MemorySegment segment;

    private LinuxMapping(MemorySegment mapped, MemorySegment reserved) {
        this.mapped = mapped;
        this.reserved = reserved;
        segment = reserved.asSlice(0, 0);
    }

    static boolean supported() {
        return "Linux".equals(System.getProperty("os.name"))
                && MACHINES.contains(System.getProperty("os.arch"))
                && Calls.pageBytes() == PAGE_BYTES;
    }

    static LinuxMapping map(long bytes, long alignment) {
        LinuxMapping mapping = reserve(bytes, alignment);
        try {
            mapping.protect(0, bytes, PROT_READ_WRITE);
        } catch (RefusedException refused) {
            mapping.release();
            throw refused;
        }
        mapping.segment = mapping.reserved.asSlice(0, bytes);
        return mapping;
    }

    /** Address space to grow into; where there is little of it, for these bytes alone. */
    private static LinuxMapping reserve(long bytes, long alignment) {
        if (bytes < RESERVED_BYTES) {
            try {
                return reserved(RESERVED_BYTES, Math.max(alignment, RESERVED_ALIGNMENT));
            } catch (RefusedException littleSpace) {
                return reserved(bytes, alignment);
            }
        }
        return reserved(bytes, alignment);
    }

    private static LinuxMapping reserved(long bytes, long alignment) {
        long spare = alignment > PAGE_BYTES ? alignment : 0;
        MemorySegment mapped = Calls.map(bytes + spare);
        long skip = -mapped.address() & (alignment - 1);
        return new LinuxMapping(mapped, mapped.asSlice(skip, bytes));
    }

    @Override
    public boolean resize(long bytes) {
        if (bytes > reserved.byteSize()) {
            return false;
        }
        long usable = segment.byteSize();
        if (bytes > usable) {
            protect(usable, bytes - usable, PROT_READ_WRITE);
        } else if (bytes < usable) {
            Calls.discard(reserved.asSlice(bytes, usable - bytes));
            protect(bytes, usable - bytes, PROT_NONE);
        }
        segment = reserved.asSlice(0, bytes);
        return true;
    }

    private void protect(long offset, long bytes, int protection) {
        if (Calls.protect(reserved.asSlice(offset, bytes), protection) != 0) {
            throw new RefusedException(
                    RuntimeErrorCode.RESOURCE_EXHAUSTED,
                    "the system did not commit %d bytes".formatted(bytes),
                    Map.of("requested", bytes));
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public boolean discard(long offset, long length) {
        Calls.discard(segment.asSlice(offset, length));
        return true;
    }

    @Override
    public void release() {
        Calls.unmap(mapped);
    }

    /** The system calls, looked up when the first pool is mapped. */
    @SuppressWarnings("restricted")
    private static final class Calls {
        private static final StructLayout STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERRNO =
                STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final MethodHandle MMAP =
                find(
                        "mmap",
                        FunctionDescriptor.of(
                                ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                                JAVA_LONG),
                        Linker.Option.captureCallState("errno"));
        private static final MethodHandle MUNMAP =
                find("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        private static final MethodHandle MADVISE =
                find("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        private static final MethodHandle MPROTECT =
                find("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        private static final MethodHandle GETPAGESIZE =
                find("getpagesize", FunctionDescriptor.of(JAVA_INT));

        private static MethodHandle find(
                String name, FunctionDescriptor type, Linker.Option... options) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
        }

        static int pageBytes() {
            try {
                return (int) GETPAGESIZE.invokeExact();
            } catch (Throwable failed) {
                throw new IllegalStateException("getpagesize could not be called", failed);
            }
        }

        static MemorySegment map(long bytes) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = arena.allocate(STATE);
                MemorySegment base =
                        (MemorySegment)
                                MMAP.invokeExact(
                                        state,
                                        MemorySegment.NULL,
                                        bytes,
                                        PROT_NONE,
                                        MAP_PRIVATE_ANONYMOUS_NORESERVE,
                                        -1,
                                        0L);
                if (base.address() == MAP_FAILED) {
                    int errno = (int) ERRNO.get(state, 0L);
                    throw new RefusedException(
                            RuntimeErrorCode.RESOURCE_EXHAUSTED,
                            "the system did not map %d bytes: %s"
                                    .formatted(
                                            bytes,
                                            errno == ENOMEM
                                                    ? "not enough memory or address space"
                                                    : "errno " + errno),
                            Map.of("requested", bytes, "errno", errno));
                }
                return base.reinterpret(bytes);
            } catch (RuntimeException refused) {
                throw refused;
            } catch (Throwable failed) {
                throw new IllegalStateException("mmap could not be called", failed);
            }
        }

        static void discard(MemorySegment range) {
            check(
                    "madvise",
                    () -> (int) MADVISE.invokeExact(range, range.byteSize(), MADV_DONTNEED));
        }

        static int protect(MemorySegment range, int protection) {
            return call(
                    "mprotect",
                    () -> (int) MPROTECT.invokeExact(range, range.byteSize(), protection));
        }

        static void unmap(MemorySegment mapped) {
            check("munmap", () -> (int) MUNMAP.invokeExact(mapped, mapped.byteSize()));
        }

        private static int call(String name, Call call) {
            try {
                return call.invoke();
            } catch (Throwable failed) {
                throw new IllegalStateException(name + " could not be called", failed);
            }
        }

        private static void check(String name, Call call) {
            if (call(name, call) != 0) {
                throw new IllegalStateException(name + " refused a range of the pool");
            }
        }

        @FunctionalInterface
        private interface Call {
            int invoke() throws Throwable;
        }
    }
}
