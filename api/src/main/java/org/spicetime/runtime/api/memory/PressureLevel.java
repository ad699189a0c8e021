// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

/**
 * How full a pool is. A level begins at its share of the pool and ends when the use has fallen
 * clearly below it, so that a use close to a border does not flap. Immutable.
 */
public enum PressureLevel {
    /** Less than 80 percent are used. */
    NONE(0),
    /** 80 percent are used. */
    LOW(0.80),
    /** 90 percent are used. */
    HIGH(0.90),
    /** 97 percent are used. */
    CRITICAL(0.97);

    private static final double HYSTERESIS = 0.05;

    private final double begin;

    PressureLevel(double begin) {
        this.begin = begin;
    }

    /**
     * The level of a use that had this level before.
     *
     * @param share used share of the pool, 0.0 to 1.0
     * @return the level now
     */
    public PressureLevel next(double share) {
        PressureLevel reached = NONE;
        for (PressureLevel level : values()) {
            boolean already = compareTo(level) >= 0;
            if (share >= level.begin - (already ? HYSTERESIS : 0)) {
                reached = level;
            }
        }
        return reached;
    }
}
