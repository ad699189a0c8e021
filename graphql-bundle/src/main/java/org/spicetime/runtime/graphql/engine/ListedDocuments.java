// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.graphql.json.JsonReader;
import org.spicetime.runtime.graphql.json.MalformedJsonException;

/**
 * Documents that an operator has listed, and no others, by the SHA-256 of their text. Immutable.
 *
 * <p>The file is a JSON object of hash and text, as the tools of clients write it. If it cannot be
 * read nothing is accepted.
 */
final class ListedDocuments implements Documents {
    private static final Logger LOG = LoggerFactory.getLogger(ListedDocuments.class);
    private static final long MOST_BYTES = 16L << 20;

    private final Map<String, String> texts;

    private ListedDocuments(Map<String, String> texts) {
        this.texts = Map.copyOf(texts);
    }

    /** The documents of a file; what is wrong with it is told in the log. */
    static ListedDocuments read(Path file) {
        Map<String, String> texts = new HashMap<>();
        try {
            long size = Files.size(file);
            if (size > MOST_BYTES) {
                throw new IOException("it has %d bytes, at most %d".formatted(size, MOST_BYTES));
            }
            if (!(JsonReader.read(Files.readAllBytes(file)) instanceof Map<?, ?> entries)) {
                throw new MalformedJsonException("It is no JSON object.");
            }
            entries.forEach((hash, text) -> put(file, texts, String.valueOf(hash), text));
            LOG.info("only the {} documents of {} are accepted", texts.size(), file);
        } catch (IOException | MalformedJsonException e) {
            LOG.error(
                    "only listed documents are to be accepted, and {} cannot be read: {}: no document is",
                    file,
                    e.toString());
        }
        return new ListedDocuments(texts);
    }

    private static void put(Path file, Map<String, String> texts, String hash, Object text) {
        String plain = hash.toLowerCase(Locale.ROOT).replaceFirst("^sha256:", "");
        if (text instanceof String document && plain.equals(Hashes.sha256(document))) {
            texts.put(plain, document);
        } else {
            LOG.error("{}: the entry {} is no document of this SHA-256, and left out", file, hash);
        }
    }

    @Override
    public String text(GraphQlRequest request) throws RequestRefused {
        String named = PersistedQueries.hash(request);
        String sent = request.query();
        if (named == null && sent == null) throw PersistedQueries.missing();
        String hash = sent == null ? named : Hashes.sha256(sent);
        if (named != null && !named.equals(hash)) throw PersistedQueries.mismatch();
        String listed = texts.get(hash);
        if (listed != null) return listed;
        throw new RequestRefused(
                Refusal.FORBIDDEN,
                ErrorEntry.of(
                        RequestErrorCode.FORBIDDEN,
                        "this host answers listed documents only; %s is not the SHA-256 of one"
                                .formatted(hash),
                        Map.of()));
    }

    @Override
    public void keep(GraphQlRequest request, String text) {}
}
