// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.graphql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing to measure. Immutable.
 *
 * @param kind what is asked for
 * @param clients connections that ask at the same time, or subscribers
 */
record Part(Kind kind, int clients) {
    /** How many clients are taken where none are told. */
    private static final List<Integer> CLIENTS = List.of(1, 16, 64);

    private static final int MOST_CLIENTS = 100;

    /** What is asked for. */
    enum Kind {
        /** The query of 20 fields. */
        FIELDS("20 fields", "connections"),
        /** The query of 100 tasks with 11 fields each. */
        TASKS("100 tasks", "connections"),
        /** The mutation updateTaskPriority. */
        MUTATION("mutation", "connections"),
        /** The subscription taskUpdated, an event to all subscribers at a time. */
        EVENTS("events", "subscribers");

        private final String title;
        private final String clients;

        Kind(String title, String clients) {
            this.title = title;
            this.clients = clients;
        }

        /** As it is told on a command line. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Part {
        if (clients < 1 || clients > MOST_CLIENTS)
            throw new IllegalArgumentException(
                    "a part has 1 to " + MOST_CLIENTS + " clients, was " + clients);
    }

    /** The name in figures. */
    String title() {
        return kind.title + ", " + clients + ' ' + kind.clients;
    }

    /** What is one of the things counted. */
    String counted() {
        return kind == Kind.EVENTS ? "event" : "request";
    }

    /** Reads parts like {@code fields} and {@code tasks-16}; none are all. */
    static List<Part> of(List<String> words) {
        List<Part> parts = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (words.isEmpty()) CLIENTS.forEach(clients -> parts.add(new Part(kind, clients)));
        }
        for (String word : words) {
            if (!word.matches("(fields|tasks|mutation|events)(-[1-9][0-9]{0,2})?"))
                throw new IllegalArgumentException("the suite graphql has no part " + word);
            int dash = word.indexOf('-');
            Kind kind =
                    Kind.valueOf(
                            (dash < 0 ? word : word.substring(0, dash)).toUpperCase(Locale.ROOT));
            if (dash < 0) CLIENTS.forEach(clients -> parts.add(new Part(kind, clients)));
            else parts.add(new Part(kind, Integer.parseInt(word.substring(dash + 1))));
        }
        return parts.stream().distinct().toList();
    }
}
