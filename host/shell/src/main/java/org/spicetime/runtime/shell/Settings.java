// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.error.RefusedException;

/** Reads what is typed: settings as path=value, numbers, names of a choice. */
final class Settings {
    private static final String INTEGER = "-?[0-9]{1,18}";
    private static final String DECIMAL = "-?[0-9]{1,18}\\.[0-9]{1,18}";

    private Settings() {}

    /** {@code a.b=1 a.c=x} becomes {@code {a: {b: 1, c: "x"}}}. */
    @SuppressWarnings("NullAway") // the class file of a compact constructor lacks the annotation
    static ConfigPatch patch(String... settings) {
        if (settings.length == 0) {
            throw RefusedException.badInput(
                    "settings", "none given; write at least one path=value");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw RefusedException.badInput(
                        "settings", Text.quoted(setting) + " must have the form path=value");
            }
            put(values, setting.substring(0, equals), value(setting.substring(equals + 1)));
        }
        return new ConfigPatch(values);
    }

    private static void put(
            Map<String, @Nullable Object> values, String path, @Nullable Object value) {
        String[] steps = path.split("\\.", -1);
        Map<String, @Nullable Object> level = values;
        for (int i = 0; i < steps.length - 1; i++) {
            level = below(level, steps[i], path);
        }
        String last = steps[steps.length - 1];
        if (level.containsKey(last)) {
            throw twice(path);
        }
        level.put(last, value);
    }

    @SuppressWarnings("unchecked") // maps here are made here
    private static Map<String, @Nullable Object> below(
            Map<String, @Nullable Object> level, String step, String path) {
        if (!level.containsKey(step)) {
            Map<String, @Nullable Object> made = new LinkedHashMap<>();
            level.put(step, made);
            return made;
        }
        if (level.get(step) instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw twice(path);
    }

    private static RefusedException twice(String path) {
        return RefusedException.badInput(Text.excerpt(path), "is set twice; set it once");
    }

    private static @Nullable Object value(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            List<@Nullable Object> list = new ArrayList<>();
            String inner = text.substring(1, text.length() - 1);
            if (!inner.isBlank()) {
                for (String part : inner.split(",", -1)) list.add(value(part.strip()));
            }
            return list;
        }
        return switch (text) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> {
                if (text.matches(INTEGER)) yield Long.valueOf(text);
                yield text.matches(DECIMAL) ? Double.valueOf(text) : text;
            }
        };
    }

    /** A whole number. */
    static int number(String what, String text) {
        if (text.matches("-?[0-9]{1,9}")) {
            return Integer.parseInt(text);
        }
        throw RefusedException.badInput(what, Text.quoted(text) + " is not a whole number");
    }

    /** A constant by its name, in either case. */
    static <E extends Enum<E>> E choice(Class<E> type, String what, String text) {
        for (E value : type.getEnumConstants()) {
            if (value.name().equalsIgnoreCase(text)) {
                return value;
            }
        }
        throw RefusedException.badInput(
                what,
                Text.quoted(text)
                        + " is none of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Enum::name)
                                .collect(Collectors.joining(", ")));
    }
}
