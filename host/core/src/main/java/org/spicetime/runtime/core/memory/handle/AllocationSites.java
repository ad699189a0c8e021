// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Where handles were taken, for those who look for leaks: of one in {@value #SAMPLE} or of all. The
 * levels are those of Netty's leak detector. Thread-safe.
 */
public final class AllocationSites {
    /** Of how many allocations the place is noted. */
    public enum Level {
        /** Of none. */
        OFF,
        /** Of one in {@value AllocationSites#SAMPLE}. */
        SAMPLED,
        /** Of all: some microseconds each. */
        ALL
    }

    /** Of the host: off, sampled or all. */
    public static final String PROPERTY = "spicetime.memory.sites";

    /** How many allocations there are for one whose place is noted. */
    public static final int SAMPLE = 128;

    private static final int MOST_FRAMES = 6;
    private static final String HOST = "org.spicetime.runtime.core.";
    private static final StackWalker WALKER = StackWalker.getInstance();

    private volatile Level level = Level.OFF;

    /* Counted without order: a sample. */
    private int count;

    AllocationSites() {}

    /** What the property {@value #PROPERTY} says; SAMPLED without one. */
    static Level chosen() {
        String given = System.getProperty(PROPERTY, Level.SAMPLED.name()).toUpperCase(Locale.ROOT);
        return Arrays.stream(Level.values())
                .filter(level -> level.name().equals(given))
                .findFirst()
                .orElse(Level.SAMPLED);
    }

    /** From now on. */
    public void level(Level next) {
        level = next;
    }

    /** The callers of the host, innermost first; empty: not noted. */
    List<String> here() {
        return switch (level) {
            case OFF -> List.of();
            case SAMPLED -> count++ % SAMPLE == 0 ? walk() : List.of();
            case ALL -> walk();
        };
    }

    private static List<String> walk() {
        return WALKER.walk(frames ->
                frames.filter(frame -> !frame.getClassName().startsWith(HOST))
                        .limit(MOST_FRAMES)
                        .map(StackWalker.StackFrame::toString)
                        .toList());
    }
}
