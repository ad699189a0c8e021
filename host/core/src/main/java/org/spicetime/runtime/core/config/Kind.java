// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * What values a property takes, and how a foreign value becomes one of them. A value that does not
 * fit is refused with the path of the property and the range. Immutable.
 */
sealed interface Kind {

    /** The allowed values, for people. */
    String range();

    /** The value as the table keeps it. */
    Object read(String path, Object raw);

    /** A whole number; kept as {@link Long}. */
    record Whole(long min, long max, long step, String unit) implements Kind {
        @Override
        public String range() {
            return min
                    + " .. "
                    + max
                    + (step == 1 ? "" : " in steps of " + step)
                    + (unit.isEmpty() ? "" : " " + unit);
        }

        @Override
        public Object read(String path, Object raw) {
            BigInteger value = Numbers.whole(path, raw, range());
            if (value.bitLength() > 63) {
                throw RefusedException.outOfRange(path, Shown.of(value), range());
            }
            long number = value.longValue();
            if (number < min || number > max || number % step != 0) {
                throw RefusedException.outOfRange(path, number, range());
            }
            return number;
        }
    }

    /** A number with fractions; kept as {@link Double}. */
    record Real(double min, double max) implements Kind {
        @Override
        public String range() {
            return min + " .. " + max;
        }

        @Override
        public Object read(String path, Object raw) {
            double value = Numbers.real(path, raw, range());
            if (!(value >= min && value <= max)) {
                throw RefusedException.outOfRange(path, Shown.of(raw), range());
            }
            return value;
        }
    }

    /** Yes or no; kept as {@link Boolean}. */
    record Flag() implements Kind {
        @Override
        public String range() {
            return "true or false";
        }

        @Override
        public Object read(String path, Object raw) {
            if (raw instanceof Boolean flag) {
                return flag;
            }
            throw RefusedException.outOfRange(path, Shown.of(raw), range());
        }
    }

    /**
     * One value of an enum; kept as {@link String}.
     *
     * @param values all of them
     * @param built those this host can do now
     */
    record Choice(List<String> values, List<String> built) implements Kind {
        static Choice all(Class<? extends Enum<?>> type) {
            return of(type, names(type));
        }

        static Choice of(Class<? extends Enum<?>> type, List<String> built) {
            return new Choice(names(type), built);
        }

        @Override
        public String range() {
            return "one of " + String.join(", ", values);
        }

        @Override
        public Object read(String path, Object raw) {
            String name = raw instanceof Enum<?> constant ? constant.name() : null;
            if (raw instanceof String text) {
                name = text;
            }
            if (name == null || !values.contains(name)) {
                throw RefusedException.outOfRange(path, Shown.of(raw), range());
            }
            if (!built.contains(name)) {
                throw RefusedException.notAvailable(path, name, built);
            }
            return name;
        }
    }

    /** Several values of an enum; kept as a list of names without repetition. */
    record Choices(List<String> values) implements Kind {
        static Choices all(Class<? extends Enum<?>> type) {
            return new Choices(names(type));
        }

        @Override
        public String range() {
            return "a list out of " + String.join(", ", values);
        }

        @Override
        public Object read(String path, Object raw) {
            if (!(raw instanceof Collection<?> members)) {
                throw RefusedException.outOfRange(path, Shown.of(raw), range());
            }
            List<String> names = new ArrayList<>();
            Choice one = new Choice(values, values);
            for (Object member : members) {
                String name = (String) one.read(path, member == null ? "null" : member);
                if (!names.contains(name)) {
                    names.add(name);
                }
            }
            return List.copyOf(names);
        }
    }

    /** Name of a policy or strategy; whether it is deployed is asked afterwards. */
    record PluginName() implements Kind {
        @Override
        public String range() {
            return "a name of capital letters, digits and underscores";
        }

        @Override
        public Object read(String path, Object raw) {
            if (raw instanceof String name && name.matches("[A-Z][A-Z0-9_]{0,63}")) {
                return name;
            }
            throw RefusedException.outOfRange(path, Shown.of(raw), range());
        }
    }

    /** Parameters of a plugin: names and values. Whether they fit is asked afterwards. */
    record Parameters() implements Kind {
        @Override
        public String range() {
            return "an object of the plugin's parameters";
        }

        @Override
        public Object read(String path, Object raw) {
            if (!(raw instanceof Map<?, ?> members)) {
                throw RefusedException.outOfRange(path, Shown.of(raw), range());
            }
            Map<String, Object> parameters = new LinkedHashMap<>();
            members.forEach((name, value) -> {
                if (value != null) {
                    parameters.put(String.valueOf(name), value);
                }
            });
            return Map.copyOf(parameters);
        }
    }

    /** Limits on tasks; kept as a list of their members. */
    record Limits() implements Kind {
        @Override
        public String range() {
            return LimitValues.RANGE;
        }

        @Override
        public Object read(String path, Object raw) {
            return LimitValues.read(path, raw);
        }
    }

    /** The same property in a larger unit: a value is multiplied and written to the target. */
    record Multiple(Whole whole, String target, long factor) implements Kind {
        @Override
        public String range() {
            return whole.range();
        }

        @Override
        public Object read(String path, Object raw) {
            return (Long) whole.read(path, raw) * factor;
        }
    }

    private static List<String> names(Class<? extends Enum<?>> type) {
        return List.of(type.getEnumConstants()).stream().map(Enum::name).toList();
    }

    /** Numbers as they come from JSON and GraphQL. */
    final class Numbers {
        private static final int MANY_DIGITS = 40;

        private Numbers() {}

        static BigInteger whole(String path, Object raw, String range) {
            return switch (raw) {
                case Byte b -> BigInteger.valueOf(b);
                case Short s -> BigInteger.valueOf(s);
                case Integer i -> BigInteger.valueOf(i);
                case Long l -> BigInteger.valueOf(l);
                case BigInteger b -> b;
                case Double d when Double.isFinite(d) -> whole(path, BigDecimal.valueOf(d), range);
                case Float f when Float.isFinite(f) ->
                        whole(path, BigDecimal.valueOf((double) f), range);
                case BigDecimal d -> {
                    // Bounds the exponent before any arithmetic: 1e999999999 has few digits only
                    // here.
                    if (d.signum() != 0
                            && (Math.abs((long) d.precision() - d.scale()) > MANY_DIGITS
                                    || d.stripTrailingZeros().scale() > 0)) {
                        throw RefusedException.outOfRange(path, Shown.of(d), range);
                    }
                    yield d.signum() == 0 ? BigInteger.ZERO : d.toBigInteger();
                }
                default -> throw RefusedException.outOfRange(path, Shown.of(raw), range);
            };
        }

        static double real(String path, Object raw, String range) {
            if (raw instanceof Number number
                    && (raw instanceof BigDecimal
                            || raw instanceof BigInteger
                            || raw instanceof Double
                            || raw instanceof Float
                            || raw instanceof Long
                            || raw instanceof Integer
                            || raw instanceof Short
                            || raw instanceof Byte)) {
                double value = number.doubleValue();
                if (Double.isFinite(value)) {
                    return value;
                }
            }
            throw RefusedException.outOfRange(path, Shown.of(raw), range);
        }
    }
}
