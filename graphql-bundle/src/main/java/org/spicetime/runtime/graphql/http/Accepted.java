// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What requests accept. Clients send the same header with every request, so what was made of it is
 * kept. Thread-safe.
 */
final class Accepted {
    /**
     * Most headers that are kept, and their greatest length: what strangers send is not to pile up.
     */
    static final int KEPT = 64;

    private static final int LONGEST = 256;

    private final Set<ResponseType> served;
    private final Map<String, Choice> known = new ConcurrentHashMap<>();

    /**
     * @param served the types to choose from
     */
    Accepted(Set<ResponseType> served) {
        this.served = Set.copyOf(served);
    }

    /**
     * What a request is answered with.
     *
     * @param type empty if nothing of it is served
     * @param document the type where there is nothing to stream: whoever prefers a stream, or what
     *     is not served, gets the best document
     */
    record Choice(Optional<ResponseType> type, ResponseType document) {}

    Choice of(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("Accept"));
        if (headers.size() != 1 || headers.getFirst().length() > LONGEST) return choose(headers);
        String header = headers.getFirst();
        Choice kept = known.get(header);
        if (kept != null) return kept;
        if (known.size() >= KEPT) known.clear();
        Choice choice = choose(headers);
        known.put(header, choice);
        return choice;
    }

    int kept() {
        return known.size();
    }

    private Choice choose(List<String> headers) {
        return new Choice(
                ResponseType.negotiate(headers, served),
                ResponseType.negotiate(headers, ResponseType.DOCUMENTS).orElse(ResponseType.JSON));
    }
}
