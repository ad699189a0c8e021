// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;
import static org.spicetime.runtime.graphql.engine.Bench.persisted;

import graphql.introspection.IntrospectionQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.json.JsonWriter;

/** Hosts that tell their schema to few, and hosts that answer listed documents alone. */
class AccessTest {
    private static final String LISTED = "{ viewer { name } }";

    @TempDir Path folder;

    private static Bench with(boolean introspection, @Nullable Path listed) {
        return new Bench(new Rules(Limits.STANDARD, Rates.STANDARD, introspection, listed));
    }

    private Bench listing(Map<String, ?> entries) throws IOException {
        Path file = folder.resolve("persisted-documents.json");
        Files.writeString(file, JsonWriter.text(entries));
        return with(true, file);
    }

    private static Map<String, Object> hash(String text) {
        return Map.of("persistedQuery", Map.of("version", 1, "sha256Hash", Hashes.sha256(text)));
    }

    private static Outcome ask(Bench bench, Role role, String query) {
        return bench.engine.execute(Bench.request(query, Map.of(), role));
    }

    private static void requireForbidden(Outcome outcome) {
        Outcome.Refused refused = (Outcome.Refused) outcome;
        assertThat(refused.kind()).isEqualTo(Refusal.FORBIDDEN);
        assertThat(extensions(refused)).containsEntry("code", "FORBIDDEN");
    }

    @Test
    void aSchemaThatIsClosedIsToldToAdministratorsAlone() {
        List<String> questions =
                List.of(
                        IntrospectionQuery.INTROSPECTION_QUERY,
                        "{ __type(name: \"Task\") { name } }",
                        "{ a: viewer { name } ... { ...F } } fragment F on Query { b: __schema { queryType { name } } }");
        try (Bench closed = with(false, null);
                Bench open = with(true, null)) {
            for (String question : questions) {
                // An administrator first: an answer that is kept is not for everybody.
                for (Role role : List.of(Role.ADMIN, Role.OPERATOR, Role.VIEWER)) {
                    assertThat(ask(open, role, question)).isInstanceOf(Outcome.Executed.class);
                    if (role == Role.ADMIN) {
                        assertThat(ask(closed, role, question))
                                .isInstanceOf(Outcome.Executed.class);
                    } else {
                        requireForbidden(ask(closed, role, question));
                    }
                }
            }
            assertThat(ask(closed, Role.VIEWER, "{ __typename viewer { __typename } }"))
                    .isInstanceOf(Outcome.Executed.class);
            assertThat(closed.engine.tellsSchema(new Caller("a", Role.ADMIN, false))).isTrue();
            assertThat(closed.engine.tellsSchema(new Caller("b", Role.OPERATOR, true))).isFalse();
            assertThat(open.engine.tellsSchema(new Caller("c", Role.VIEWER, false))).isTrue();
        }
    }

    @Test
    void onlyListedDocumentsAreAnsweredBySendingThemOrTheirHash() throws IOException {
        String other = "{ viewer { role } }";
        try (Bench bench = listing(Map.of(Hashes.sha256(LISTED), LISTED))) {
            assertThat(bench.ask(LISTED)).isInstanceOf(Outcome.Executed.class);
            assertThat(bench.engine.execute(persisted(null, hash(LISTED))))
                    .isInstanceOf(Outcome.Executed.class);
            assertThat(bench.engine.execute(persisted(LISTED, hash(LISTED))))
                    .isInstanceOf(Outcome.Executed.class);
            requireForbidden(bench.ask(other));
            requireForbidden(bench.ask(LISTED + " "));
            requireForbidden(bench.ask("{ not even graphql"));
            requireForbidden(bench.engine.execute(persisted(null, hash(other))));
            requireForbidden(bench.engine.execute(persisted(other, hash(other))));
            requireForbidden(bench.engine.execute(persisted(null, hash(other))));
            assertThat(kind(bench.engine.execute(persisted(LISTED, hash(other)))))
                    .isEqualTo(Refusal.PERSISTED_QUERY_MISMATCH);
            assertThat(kind(bench.engine.execute(persisted(null, Map.of()))))
                    .isEqualTo(Refusal.PARSE);
            assertThat(
                            kind(
                                    bench.engine.execute(
                                            persisted(null, Map.of("persistedQuery", "text")))))
                    .isEqualTo(Refusal.PERSISTED_QUERY_MALFORMED);
        }
    }

    private static Refusal kind(Outcome outcome) {
        return ((Outcome.Refused) outcome).kind();
    }

    @Test
    void anEntryThatIsNotWhatItsHashSaysIsLeftOut() throws IOException {
        String upper = "{ domains { id } }";
        try (Bench bench =
                listing(
                        Map.of(
                                "sha256:" + Hashes.sha256(LISTED),
                                LISTED,
                                Hashes.sha256(upper).toUpperCase(java.util.Locale.ROOT),
                                upper,
                                Hashes.sha256("x"),
                                "{ viewer { role } }",
                                "name",
                                "{ __typename }",
                                Hashes.sha256("5"),
                                5))) {
            assertThat(bench.ask(LISTED)).isInstanceOf(Outcome.Executed.class);
            assertThat(bench.ask(upper)).isInstanceOf(Outcome.Executed.class);
            requireForbidden(bench.ask("{ viewer { role } }"));
            requireForbidden(bench.ask("{ __typename }"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "null", "{\"a\":1,\"a\":2}", "\u00ff"})
    void aListThatCannotBeReadAcceptsNothing(String text) throws IOException {
        Path file = folder.resolve("persisted-documents.json");
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        try (Bench bench = with(true, file)) {
            requireForbidden(bench.ask(LISTED));
        }
    }

    @Test
    void aListThatIsMissingAcceptsNothing() {
        try (Bench bench = with(true, folder.resolve("missing.json"))) {
            requireForbidden(bench.ask(LISTED));
        }
    }
}
