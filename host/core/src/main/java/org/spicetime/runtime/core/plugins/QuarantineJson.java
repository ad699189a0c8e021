// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.core.payload.Json;
import org.spicetime.runtime.core.plugins.Quarantine.Memory;
import org.spicetime.runtime.core.plugins.Quarantine.Sentence;
import org.spicetime.runtime.core.plugins.Quarantine.Subject;

/** What is remembered of plugins, as JSON. Stateless. */
final class QuarantineJson {

    static final long FORMAT = 1;

    /** Longest report that is written; of a longer one the long parts are left out. */
    private static final int LONGEST_REPORT = 24 << 10;

    private static final List<String> LONG_PARTS = List.of("lastCalls", "queue", "frames");

    private QuarantineJson() {}

    static String write(Memory memory) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("format", FORMAT);
        List<Object> sentences = new ArrayList<>();
        memory.sentences()
                .forEach((subject, sentence) -> {
                    Map<String, @Nullable Object> one = new LinkedHashMap<>();
                    one.put("kind", subject.kind().name());
                    one.put("name", subject.name());
                    one.put("bundle", subject.bundle());
                    one.put("version", subject.version());
                    one.put("domain", text(subject.domain()));
                    one.put("count", (long) sentence.count());
                    one.put("until", sentence.until().toString());
                    sentences.add(one);
                });
        root.put("sentences", sentences);
        root.put("incidents", memory.incidents().stream().map(QuarantineJson::incident).toList());
        return Json.text(root);
    }

    private static Map<String, @Nullable Object> incident(Ejection ejection) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("id", ejection.id().toString());
        one.put("timestamp", ejection.timestamp().toString());
        one.put("kind", ejection.kind().name());
        one.put("name", ejection.name());
        one.put("version", ejection.version());
        one.put("bundle", ejection.bundle());
        one.put("bundleVersion", ejection.bundleVersion());
        one.put("domain", text(ejection.domain()));
        one.put("reason", ejection.reason().name());
        one.put("message", ejection.message());
        one.put("replacedBy", ejection.replacedBy());
        one.put("switchNanos", ejection.switchTime().toNanos());
        one.put("report", report(ejection.report()));
        return one;
    }

    private static Map<String, Object> report(Map<String, Object> report) {
        Map<String, Object> all = new LinkedHashMap<>(report);
        if (Json.text(all).length() > LONGEST_REPORT) {
            LONG_PARTS.forEach(all::remove);
        }
        if (Json.text(all).length() > LONGEST_REPORT) {
            all.clear();
        }
        return all;
    }

    private static @Nullable String text(@Nullable DomainId domain) {
        return domain == null ? null : domain.value();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws RuntimeException if it is anything else
     */
    static Memory read(byte[] bytes) {
        Map<?, ?> root = map(Json.read(bytes, "quarantine"));
        if (number(root, "format") != FORMAT) {
            throw new IllegalArgumentException("format " + root.get("format") + " is not known");
        }
        Map<Subject, Sentence> sentences = new LinkedHashMap<>();
        for (Object element : list(root, "sentences")) {
            Map<?, ?> one = map(element);
            sentences.put(
                    new Subject(
                            PluginKind.valueOf(required(one, "kind")),
                            required(one, "name"),
                            required(one, "bundle"),
                            required(one, "version"),
                            domain(one)),
                    new Sentence(
                            Math.clamp(number(one, "count"), 1, 64),
                            Instant.parse(required(one, "until"))));
        }
        List<Ejection> incidents = new ArrayList<>();
        for (Object element : list(root, "incidents")) {
            incidents.add(ejection(map(element)));
        }
        return new Memory(sentences, incidents);
    }

    private static Ejection ejection(Map<?, ?> one) {
        Map<String, Object> report = new LinkedHashMap<>();
        map(one.get("report"))
                .forEach((name, value) -> {
                    if (name instanceof String text && value != null) {
                        report.put(text, value);
                    }
                });
        return new Ejection(
                UUID.fromString(required(one, "id")),
                Instant.parse(required(one, "timestamp")),
                PluginKind.valueOf(required(one, "kind")),
                required(one, "name"),
                optional(one, "version"),
                optional(one, "bundle"),
                optional(one, "bundleVersion"),
                domain(one),
                EjectionReason.valueOf(required(one, "reason")),
                required(one, "message"),
                optional(one, "replacedBy"),
                Duration.ofNanos(Math.max(0, number(one, "switchNanos"))),
                report);
    }

    private static @Nullable DomainId domain(Map<?, ?> one) {
        String text = optional(one, "domain");
        return text == null ? null : DomainId.of(text);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("an object was expected");
    }

    private static List<?> list(Map<?, ?> in, String name) {
        if (in.get(name) instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(name + " must be a list");
    }

    private static long number(Map<?, ?> in, String name) {
        if (in.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException(name + " must be a number");
    }

    private static @Nullable String optional(Map<?, ?> in, String name) {
        Object value = in.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new IllegalArgumentException(name + " must be a text");
    }

    private static String required(Map<?, ?> in, String name) {
        String text = optional(in, name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text;
    }
}
