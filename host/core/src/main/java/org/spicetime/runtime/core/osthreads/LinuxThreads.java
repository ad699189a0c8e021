// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.osthreads;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Set;

/** The calls of the C library about threads, looked up at the first use. Thread-safe. */
@SuppressWarnings("restricted")
final class LinuxThreads {

    static final int SCHED_OTHER = 0;
    static final int SCHED_IDLE = 5;

    private static final int PR_SET_TIMERSLACK = 29;
    private static final Set<String> MACHINES = Set.of("amd64", "aarch64");

    private static final MethodHandle GETTID = find("gettid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle SETSCHEDULER =
            find(
                    "sched_setscheduler",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle PRCTL =
            find(
                    "prctl",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));

    /* All zero: the only priority that the policies of ordinary threads have. */
    private static final MemorySegment NO_PRIORITY = Arena.global().allocate(JAVA_INT);

    private LinuxThreads() {}

    static boolean supported() {
        return "Linux".equals(System.getProperty("os.name"))
                && MACHINES.contains(System.getProperty("os.arch"));
    }

    private static MethodHandle find(
            String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }

    static int currentNumber() {
        try {
            return (int) GETTID.invokeExact();
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static boolean policy(int number, int policy) {
        try {
            return (int) SETSCHEDULER.invokeExact(number, policy, NO_PRIORITY) == 0;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static boolean timerSlack(long nanos) {
        try {
            return (int) PRCTL.invokeExact(PR_SET_TIMERSLACK, nanos) == 0;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
