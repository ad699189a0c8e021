// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One setting that a plugin or handler offers. From it the host makes the JSON Schema clients see
 * and the form the console shows, fills in the default, and refuses values out of range before the
 * plugin is created.
 *
 * <p>Build one with {@link #flag}, {@link #number}, {@link #ratio}, {@link #duration}, {@link
 * #text} or {@link #choice}. Immutable.
 *
 * @param name how it is called in configuration; a letter, then up to 63 letters or digits
 * @param type kind of its values
 * @param defaultValue value in force when none is configured; of the type's class and in range
 * @param min smallest allowed value, inclusive; empty: no bound of its own. Only for numbers,
 *     ratios and durations
 * @param max largest allowed value, inclusive; empty: no bound of its own. Only for numbers, ratios
 *     and durations
 * @param unit what one of it is, for example {@code bytes} or {@code tasks}; empty: without a unit.
 *     Durations carry their unit themselves
 * @param choices the allowed texts; empty: any text. Only for texts
 * @param description one sentence for the person who sets it
 */
public record OptionSpec(
        String name,
        OptionType type,
        Object defaultValue,
        Optional<Object> min,
        Optional<Object> max,
        String unit,
        List<String> choices,
        String description) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");

    /**
     * Checks every component.
     *
     * @throws IllegalArgumentException if the name does not match, the description is blank, a
     *     bound or the choices do not fit the type, the range is empty, or the default is not an
     *     allowed value
     */
    public OptionSpec {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "option name must match " + NAME + ", was \"" + name + "\"");
        }
        if (description.isBlank()) {
            throw new IllegalArgumentException("option " + name + " needs a description");
        }
        boolean ordered = type != OptionType.FLAG && type != OptionType.TEXT;
        if (!ordered && (min.isPresent() || max.isPresent())) {
            throw new IllegalArgumentException(
                    "option " + name + " is of type " + type + " and cannot have a range");
        }
        if (type != OptionType.TEXT && !choices.isEmpty()) {
            throw new IllegalArgumentException(
                    "option " + name + " is of type " + type + " and cannot have choices");
        }
        min.ifPresent(bound -> checkShape(name, type, "smallest value", bound));
        max.ifPresent(bound -> checkShape(name, type, "largest value", bound));
        if (min.isPresent() && max.isPresent() && compare(min.get(), max.get()) > 0) {
            throw new IllegalArgumentException(
                    "option " + name + " has an empty range: " + min.get() + " to " + max.get());
        }
        choices = List.copyOf(choices);
        checkValue(name, type, "default", defaultValue, min, max, choices);
    }

    /**
     * An option that is on or off.
     *
     * @param name how it is called
     * @param defaultValue its default
     * @param description one sentence
     * @return the option
     */
    public static OptionSpec flag(String name, boolean defaultValue, String description) {
        return new OptionSpec(
                name,
                OptionType.FLAG,
                defaultValue,
                Optional.empty(),
                Optional.empty(),
                "",
                List.of(),
                description);
    }

    /**
     * A whole number within a range.
     *
     * @param name how it is called
     * @param defaultValue its default
     * @param min smallest allowed value
     * @param max largest allowed value
     * @param unit its unit; empty: none
     * @param description one sentence
     * @return the option
     */
    public static OptionSpec number(
            String name, long defaultValue, long min, long max, String unit, String description) {
        return new OptionSpec(
                name,
                OptionType.NUMBER,
                defaultValue,
                Optional.of(min),
                Optional.of(max),
                unit,
                List.of(),
                description);
    }

    /**
     * A number with fractions, within a range.
     *
     * @param name how it is called
     * @param defaultValue its default
     * @param min smallest allowed value
     * @param max largest allowed value
     * @param description one sentence
     * @return the option
     */
    public static OptionSpec ratio(
            String name, double defaultValue, double min, double max, String description) {
        return new OptionSpec(
                name,
                OptionType.RATIO,
                defaultValue,
                Optional.of(min),
                Optional.of(max),
                "",
                List.of(),
                description);
    }

    /**
     * A span of time within a range.
     *
     * @param name how it is called
     * @param defaultValue its default
     * @param min smallest allowed value
     * @param max largest allowed value
     * @param description one sentence
     * @return the option
     */
    public static OptionSpec duration(
            String name, Duration defaultValue, Duration min, Duration max, String description) {
        return new OptionSpec(
                name,
                OptionType.DURATION,
                defaultValue,
                Optional.of(min),
                Optional.of(max),
                "",
                List.of(),
                description);
    }

    /**
     * Any text.
     *
     * @param name how it is called
     * @param defaultValue its default
     * @param description one sentence
     * @return the option
     */
    public static OptionSpec text(String name, String defaultValue, String description) {
        return choice(name, defaultValue, List.of(), description);
    }

    /**
     * One of a few texts.
     *
     * @param name how it is called
     * @param defaultValue its default
     * @param choices the allowed texts; empty: any text
     * @param description one sentence
     * @return the option
     */
    public static OptionSpec choice(
            String name, String defaultValue, List<String> choices, String description) {
        return new OptionSpec(
                name,
                OptionType.TEXT,
                defaultValue,
                Optional.empty(),
                Optional.empty(),
                "",
                choices,
                description);
    }

    /**
     * Checks a value somebody wants to set.
     *
     * @param value the value; a whole number may come as any integral box for a {@link
     *     OptionType#NUMBER}, and any number for a {@link OptionType#RATIO}
     * @return the value, as an object of {@link OptionType#valueClass()}
     * @throws IllegalArgumentException if it has another type, or is out of range; the message
     *     names the option, the value and the range
     */
    public Object check(Object value) {
        Object typed = value;
        if (type == OptionType.NUMBER
                && (value instanceof Integer || value instanceof Short || value instanceof Byte)) {
            typed = ((Number) value).longValue();
        } else if (type == OptionType.RATIO
                && (value instanceof Integer
                        || value instanceof Long
                        || value instanceof Short
                        || value instanceof Byte
                        || value instanceof Float)) {
            typed = ((Number) value).doubleValue();
        }
        checkValue(name, type, "value", typed, min, max, choices);
        return typed;
    }

    private static void checkValue(
            String name,
            OptionType type,
            String role,
            Object value,
            Optional<Object> min,
            Optional<Object> max,
            List<String> choices) {
        checkShape(name, type, role, value);
        boolean low = min.isPresent() && compare(value, min.get()) < 0;
        boolean high = max.isPresent() && compare(value, max.get()) > 0;
        if (low || high) {
            throw new IllegalArgumentException(
                    "option %s: %s %s is out of range (%s to %s)"
                            .formatted(
                                    name,
                                    role,
                                    value,
                                    min.map(Object::toString).orElse("any"),
                                    max.map(Object::toString).orElse("any")));
        }
        if (!choices.isEmpty() && !choices.contains(value)) {
            throw new IllegalArgumentException(
                    "option %s: %s \"%s\" is not one of %s".formatted(name, role, value, choices));
        }
    }

    private static void checkShape(String name, OptionType type, String role, Object value) {
        if (!type.valueClass().isInstance(value)) {
            throw new IllegalArgumentException(
                    "option %s: %s must be of type %s, was %s (%s)"
                            .formatted(name, role, type, value, value.getClass().getSimpleName()));
        }
        if (value instanceof Double ratio && !Double.isFinite(ratio)) {
            throw new IllegalArgumentException(
                    "option " + name + ": " + role + " must be finite, was " + value);
        }
        if (value instanceof Duration span && span.isNegative()) {
            throw new IllegalArgumentException(
                    "option " + name + ": " + role + " must not be negative, was " + value);
        }
    }

    /* Both sides passed checkShape for the same type, so they are of one class. */
    private static int compare(Object left, Object right) {
        return switch (left) {
            case Long number -> Long.compare(number, (Long) right);
            case Double ratio -> Double.compare(ratio, (Double) right);
            case Duration span -> span.compareTo((Duration) right);
            default -> throw new IllegalArgumentException("not an ordered value: " + left);
        };
    }
}
