// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spicetime.runtime.graphql.sse.StreamCarrier;

/**
 * The media types of a GraphQL response. Those of one document differ in the status of a refused
 * request.
 */
enum ResponseType {
    /** Refused requests are 200. First, as it is the answer where the client has no wish. */
    JSON("application", "json"),
    /** Refused requests are 400. */
    GRAPHQL_RESPONSE("application", "graphql-response+json"),
    /** Server-sent events; carried by a {@link StreamCarrier}. */
    EVENT_STREAM("text", "event-stream"),
    /** One part for each response to a subscription; carried by a {@link StreamCarrier}. */
    MULTIPART("multipart", "mixed");

    /** The types of a response that is one document. */
    static final Set<ResponseType> DOCUMENTS = Set.of(JSON, GRAPHQL_RESPONSE);

    private final String type;
    private final String subtype;

    ResponseType(String type, String subtype) {
        this.type = type;
        this.subtype = subtype;
    }

    String contentType() {
        return type + "/" + subtype + ";charset=utf-8";
    }

    /** The status of a request whose document, variables or operation name are refused. */
    int refusedStatus() {
        return this == JSON ? 200 : 400;
    }

    /**
     * What to answer with; empty if nothing is acceptable. The largest q value wins, then what is
     * named more exactly, then what is named first, then JSON.
     *
     * @param accept the values of all Accept headers
     * @param served the types to choose from
     */
    static Optional<ResponseType> negotiate(List<String> accept, Set<ResponseType> served) {
        List<MediaRange> ranges = MediaRange.parse(String.join(",", accept));
        if (ranges.isEmpty() && accept.stream().allMatch(String::isBlank)) return Optional.of(JSON);
        ResponseType best = JSON;
        Preference bestSoFar = Preference.NONE;
        for (ResponseType candidate : values()) {
            if (!served.contains(candidate)) continue;
            Preference preference = candidate.preferred(ranges);
            if (preference.compareTo(bestSoFar) > 0) {
                best = candidate;
                bestSoFar = preference;
            }
        }
        return bestSoFar.quality() > 0 ? Optional.of(best) : Optional.empty();
    }

    // The most exact range decides the q value, RFC 9110 section 12.5.1.
    private Preference preferred(List<MediaRange> ranges) {
        Preference found = Preference.NONE;
        for (int i = 0; i < ranges.size(); i++) {
            MediaRange range = ranges.get(i);
            int exactness = exactness(range);
            if (exactness > found.exactness()) {
                found = new Preference(range.quality(), exactness, i);
            }
        }
        return found;
    }

    // Parts are only for who names this form of them: there are others.
    private int exactness(MediaRange range) {
        int exactness = range.fits(type, subtype);
        if (this != MULTIPART) return exactness;
        return exactness == 3 && "1.0".equals(range.parameters().get("subscriptionspec"))
                ? exactness
                : 0;
    }

    private record Preference(int quality, int exactness, int position)
            implements Comparable<Preference> {
        static final Preference NONE = new Preference(0, 0, Integer.MAX_VALUE);

        @Override
        public int compareTo(Preference other) {
            if (quality != other.quality) return Integer.compare(quality, other.quality);
            if (exactness != other.exactness) return Integer.compare(exactness, other.exactness);
            return Integer.compare(other.position, position);
        }
    }
}
