// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.OptionType;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.error.RefusedException;

/** Parameters as an operator gave them, checked against what a plugin declares. Immutable. */
final class OptionValues implements Options {

    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000);
    private static final int LONGEST_SHOWN = 64;

    private final Map<String, Object> values;

    private OptionValues(Map<String, Object> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Checks parameters and fills in the defaults.
     *
     * @param specs what the plugin declares
     * @param parameters by name; null is the default. A duration is a number of milliseconds
     * @param field path of the parameters, for refusals
     * @throws RefusedException for a name that is not declared, or a value that does not fit
     */
    static OptionValues of(List<OptionSpec> specs, Map<String, ?> parameters, String field) {
        Map<String, Object> values = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (OptionSpec spec : specs) {
            names.add(spec.name());
            Object raw = parameters.get(spec.name());
            values.put(
                    spec.name(),
                    raw == null ? spec.defaultValue() : read(spec, raw, field + "." + spec.name()));
        }
        for (String name : parameters.keySet()) {
            if (!values.containsKey(name)) {
                throw RefusedException.badInput(
                        field + "." + shown(name),
                        names.isEmpty()
                                ? "there is no such parameter, and no other one either"
                                : "there is no such parameter; there are "
                                        + String.join(", ", names));
            }
        }
        return new OptionValues(values);
    }

    private static Object read(OptionSpec spec, Object raw, String field) {
        Object typed = typed(spec.type(), raw);
        try {
            return spec.check(typed == null ? raw : typed);
        } catch (IllegalArgumentException unfit) {
            throw RefusedException.outOfRange(field, shown(raw), range(spec));
        }
    }

    /** The value in the class of its type; null: it cannot be. */
    private static @Nullable Object typed(OptionType type, Object raw) {
        if (!(raw instanceof Number number)) {
            return null;
        }
        BigDecimal exact = exact(number);
        if (exact == null) {
            return null;
        }
        try {
            return switch (type) {
                case NUMBER -> exact.longValueExact();
                case RATIO -> exact.doubleValue();
                case DURATION -> Duration.ofNanos(exact.multiply(NANOS_PER_MILLI).longValueExact());
                case FLAG, TEXT -> null;
            };
        } catch (ArithmeticException doesNotFit) {
            return null;
        }
    }

    private static @Nullable BigDecimal exact(Number number) {
        return switch (number) {
            case BigDecimal decimal when Math.abs((long) decimal.scale()) < 1000 -> decimal;
            case BigDecimal tooLarge -> null;
            case BigInteger whole -> new BigDecimal(whole);
            case Long whole -> BigDecimal.valueOf(whole);
            case Integer whole -> BigDecimal.valueOf(whole);
            case Short whole -> BigDecimal.valueOf(whole);
            case Byte whole -> BigDecimal.valueOf(whole);
            case Double real when Double.isFinite(real) -> BigDecimal.valueOf(real);
            case Float real when Float.isFinite(real) -> new BigDecimal(real.toString());
            default -> null;
        };
    }

    /** What an option takes, for people. */
    static String range(OptionSpec spec) {
        String unit = spec.unit().isEmpty() ? "" : " " + spec.unit();
        return switch (spec.type()) {
            case FLAG -> "true or false";
            case NUMBER -> "a whole number" + bounds(spec) + unit;
            case RATIO -> "a number" + bounds(spec) + unit;
            case DURATION -> "a number of milliseconds" + bounds(spec);
            case TEXT ->
                    spec.choices().isEmpty()
                            ? "a text"
                            : "one of " + String.join(", ", spec.choices());
        };
    }

    private static String bounds(OptionSpec spec) {
        if (spec.min().isEmpty() && spec.max().isEmpty()) {
            return "";
        }
        return ", "
                + spec.min().map(OptionValues::bound).orElse("any")
                + " .. "
                + spec.max().map(OptionValues::bound).orElse("any");
    }

    private static String bound(Object bound) {
        return bound instanceof Duration span
                ? millis(span).toPlainString()
                : String.valueOf(bound);
    }

    /** A span as the number of milliseconds that clients use. */
    static BigDecimal millis(Duration span) {
        BigDecimal exact =
                BigDecimal.valueOf(span.getSeconds())
                        .multiply(BigDecimal.valueOf(1000))
                        .add(BigDecimal.valueOf(span.getNano(), 6));
        return exact.signum() == 0 ? BigDecimal.ZERO : exact.stripTrailingZeros();
    }

    private static String shown(Object value) {
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }

    @Override
    public boolean flag(String name) {
        return get(name, Boolean.class);
    }

    @Override
    public long number(String name) {
        return get(name, Long.class);
    }

    @Override
    public double ratio(String name) {
        return get(name, Double.class);
    }

    @Override
    public Duration duration(String name) {
        return get(name, Duration.class);
    }

    @Override
    public String text(String name) {
        return get(name, String.class);
    }

    private <T> T get(String name, Class<T> type) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "option " + name + " is not declared; there are " + values.keySet());
        }
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    "option " + name + " is of type " + value.getClass().getSimpleName());
        }
        return type.cast(value);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
