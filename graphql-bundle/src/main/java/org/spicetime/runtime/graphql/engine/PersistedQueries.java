// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RequestErrorCode;

/** Automatic persisted queries: documents by the SHA-256 of their text. Thread-safe. */
final class PersistedQueries implements Documents {
    private static final long MOST_BYTES = 16L << 20;
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
    private static final String EXTENSION = "persistedQuery";

    private final BoundedCache<String> texts = new BoundedCache<>(MOST_BYTES);

    @Override
    public String text(GraphQlRequest request) throws RequestRefused {
        String hash = hash(request);
        String sent = request.query();
        if (hash == null) {
            if (sent != null) return sent;
            throw missing();
        }
        if (sent == null) {
            String known = texts.get(hash);
            if (known != null) return known;
            throw new RequestRefused(
                    Refusal.PERSISTED_QUERY_NOT_FOUND,
                    ErrorEntry.of(
                            RequestErrorCode.PERSISTED_QUERY_NOT_FOUND,
                            "PersistedQueryNotFound: send the document together with its hash",
                            Map.of()));
        }
        if (!hash.equals(Hashes.sha256(sent))) throw mismatch();
        return sent;
    }

    /** Keeps the document of a request that asked for it. */
    @Override
    public void keep(GraphQlRequest request, String text) throws RequestRefused {
        String hash = hash(request);
        if (hash != null && request.query() != null) {
            texts.put(hash, text, 2L * text.length() + 200);
        }
    }

    /** There is neither a document nor a hash. */
    static RequestRefused missing() {
        return new RequestRefused(
                Refusal.PARSE,
                ErrorEntry.of(
                        RequestErrorCode.GRAPHQL_PARSE_FAILED,
                        "the request has no document; send it as \"query\"",
                        Map.of("field", "query")));
    }

    /** Hash and document differ. */
    static RequestRefused mismatch() {
        return new RequestRefused(
                Refusal.PERSISTED_QUERY_MISMATCH,
                ErrorEntry.badInput(
                        "extensions.persistedQuery.sha256Hash",
                        "the hash is not that of the document"));
    }

    /** The hash that a request names, in lower case; null: it names none. */
    static @Nullable String hash(GraphQlRequest request) throws RequestRefused {
        Object extension = request.extensions().get(EXTENSION);
        if (extension == null) return null;
        if (!(extension instanceof Map<?, ?> members)
                || !(members.get("version") instanceof Integer version)
                || version != 1) {
            throw malformed("extensions.persistedQuery.version", "the version must be 1");
        }
        if (!(members.get("sha256Hash") instanceof String hash)
                || !SHA_256.matcher(hash).matches()) {
            throw malformed(
                    "extensions.persistedQuery.sha256Hash",
                    "the hash must be a SHA-256 of 64 hexadecimal digits");
        }
        return hash.toLowerCase(Locale.ROOT);
    }

    private static RequestRefused malformed(String field, String message) {
        return new RequestRefused(
                Refusal.PERSISTED_QUERY_MALFORMED, ErrorEntry.badInput(field, message));
    }
}
