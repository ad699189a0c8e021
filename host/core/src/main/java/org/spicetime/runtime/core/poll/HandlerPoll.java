// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.poll;

/** The calls in the woven code of task handlers. Thread-safe. */
@SuppressWarnings("ReferenceEquality") // there is one context that is none
public final class HandlerPoll {

    private HandlerPoll() {}

    /** What the polls of a method that begins now look at. */
    public static PollContext context() {
        return Thread.currentThread() instanceof PolledThread thread
                ? thread.context()
                : PollContext.NONE;
    }

    /** Does nothing while nobody asks. */
    public static void poll(PollContext context) {
        if ((int) PollFlag.WORD.getOpaque(context) != 0) context.reached();
    }

    /** A method begins in which polls do nothing. */
    public static PollContext hold() {
        PollContext context = context();
        if (context != PollContext.NONE) context.hold();
        return context;
    }

    /** It ends, however it does. */
    public static void release(PollContext context) {
        if (context != PollContext.NONE) context.release();
    }

    /** A class initialiser begins. */
    public static PollContext beginInitialiser() {
        PollContext context = context();
        if (context != PollContext.NONE) context.beginInitialiser();
        return context;
    }

    /** It ends, however it does. */
    public static void endInitialiser(PollContext context) {
        if (context != PollContext.NONE) context.endInitialiser();
    }
}
