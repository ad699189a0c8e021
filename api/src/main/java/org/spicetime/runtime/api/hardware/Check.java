// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.hardware;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Range checks of measured values; absent values pass. Thread-safe. */
final class Check {

    private Check() {}

    static void ratio(String what, OptionalDouble value) {
        if (value.isPresent() && !(value.getAsDouble() >= 0 && value.getAsDouble() <= 1)) {
            throw new IllegalArgumentException(
                    what + " must be between 0 and 1, was " + value.getAsDouble());
        }
    }

    static void notNegative(String what, OptionalDouble value) {
        if (value.isPresent()
                && !(value.getAsDouble() >= 0 && Double.isFinite(value.getAsDouble()))) {
            throw new IllegalArgumentException(
                    what + " must be finite and not negative, was " + value.getAsDouble());
        }
    }

    static void notNegative(String what, OptionalLong value) {
        if (value.isPresent() && value.getAsLong() < 0) {
            throw new IllegalArgumentException(
                    what + " must not be negative, was " + value.getAsLong());
        }
    }

    static void positive(String what, OptionalLong value) {
        if (value.isPresent() && value.getAsLong() <= 0) {
            throw new IllegalArgumentException(
                    what + " must be positive, was " + value.getAsLong());
        }
    }

    static void positive(String what, OptionalInt value) {
        if (value.isPresent() && value.getAsInt() <= 0) {
            throw new IllegalArgumentException(what + " must be positive, was " + value.getAsInt());
        }
    }

    static void notBlank(String what, Optional<String> value) {
        if (value.isPresent() && value.get().isBlank()) {
            throw new IllegalArgumentException(what + " must not be blank; leave it out");
        }
    }

    static void partOf(String what, OptionalLong part, OptionalLong whole) {
        if (part.isPresent() && whole.isPresent() && part.getAsLong() > whole.getAsLong()) {
            throw new IllegalArgumentException(
                    "%s cannot exceed the whole, was %d of %d"
                            .formatted(what, part.getAsLong(), whole.getAsLong()));
        }
    }
}
