// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The times in which a domain dispatched nothing because it was paused or stopped; the newest
 * {@value #KEPT}. Guarded by the domain's guard.
 */
final class HeldTimes {

    static final int KEPT = 64;

    /** A span of time; null: not over. Immutable. */
    record Span(Instant from, @Nullable Instant to) {}

    private final List<Span> spans = new ArrayList<>();

    /** From now on the domain dispatches, or does not. */
    void held(boolean held, Instant at) {
        boolean now = !spans.isEmpty() && spans.getLast().to() == null;
        if (held == now) {
            return;
        }
        if (held) {
            if (spans.size() == KEPT) {
                spans.removeFirst();
            }
            spans.add(new Span(at, null));
        } else {
            spans.add(new Span(spans.removeLast().from(), at));
        }
    }

    /** The held parts of a span, in order, without gaps cut to it. */
    List<Span> within(Instant from, Instant to) {
        List<Span> parts = new ArrayList<>();
        for (Span span : spans) {
            Instant start = span.from().isAfter(from) ? span.from() : from;
            Instant end = span.to() == null || span.to().isAfter(to) ? to : span.to();
            if (start.isBefore(end)) {
                parts.add(new Span(start, end));
            }
        }
        return parts;
    }
}
