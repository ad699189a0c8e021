// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.security.Role;

/** Fields that bundles add, as clients meet them. */
class ContributionTest {
    private static final String QUOTAS =
            """
            "A quota."
            type AcmeQuota implements AcmeNamed {
              "Its name."
              name: String!
              "How much."
              limit: BigInt
              "Since when."
              since: DateTime
              "How it counts."
              kind: AcmeKind!
              "Labels."
              labels: Labels
              "Anything."
              more: JSON
              "Parts."
              parts: [AcmeQuota!]!
              "How much of it is used, by a fetcher."
              used("In percent." percent: Boolean = false): Int!
            }
            "A thing with a name."
            interface AcmeNamed {
              "Its name."
              name: String!
            }
            "Anything of ours."
            union AcmeAny = AcmeQuota
            "How a quota counts."
            enum AcmeKind {
              "Hard."
              HARD
              "Soft."
              SOFT
            }
            "A change of a quota."
            input AcmeChange {
              "Its name."
              name: String!
              "How much."
              limit: Int = 7
            }
            extend type Query {
              "All quotas."
              acmeQuotas: [AcmeQuota!]!
              "Anything by name."
              acmeNamed(
                "The name."
                name: String!): AcmeNamed
              "Anything."
              acmeAny: AcmeAny
            }
            extend type Mutation {
              "Sets a quota."
              acmeSet(
                "The change."
                change: AcmeChange!): AcmeQuota!
            }
            extend type DomainRuntime {
              "The id, shouted."
              acmeShout: String!
            }
            extend type SystemHealth {
              "How it smells."
              acmeSmell: Float
            }
            """;

    enum Kind {
        HARD,
        SOFT
    }

    record AcmeQuota(
            CharSequence name,
            @Nullable Object limit,
            Instant since,
            Kind kind,
            Map<String, String> labels,
            Map<String, Object> more,
            Set<AcmeQuota> parts) {
        static AcmeQuota of(String name) {
            return new AcmeQuota(
                    java.nio.CharBuffer.wrap(name),
                    Optional.of(new BigInteger("9000000000000000000000")),
                    Instant.EPOCH,
                    Kind.SOFT,
                    Map.of("a", "b"),
                    Map.of("deep", List.of(1, 2L, 0.5)),
                    Set.of());
        }
    }

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static Vendor quotas() {
        return new Vendor(QUOTAS)
                .with("Query.acmeQuotas", _ -> List.of(AcmeQuota.of("cpu")))
                .with(
                        "Query.acmeNamed",
                        request ->
                                Map.of(
                                        "__typename",
                                        "AcmeQuota",
                                        "name",
                                        request.arguments().get("name"),
                                        "kind",
                                        "HARD",
                                        "parts",
                                        List.of()))
                .with("Query.acmeAny", _ -> AcmeQuota.of("any"))
                .with(
                        "Mutation.acmeSet",
                        request -> {
                            Map<?, ?> change =
                                    (Map<?, ?>) source(request.arguments().get("change"));
                            return AcmeQuota.of(change.get("name") + "=" + change.get("limit"));
                        })
                .with(
                        "DomainRuntime.acmeShout",
                        request -> ((Domain) source(request.source())).id() + "!")
                .with("SystemHealth.acmeSmell", _ -> 0.25)
                .with(
                        "AcmeQuota.used",
                        request ->
                                source(request.source()) instanceof AcmeQuota
                                                && Boolean.TRUE.equals(
                                                        request.arguments().get("percent"))
                                        ? 50
                                        : 5);
    }

    private static Object source(@Nullable Object source) {
        if (source == null) throw new AssertionError("no source");
        return source;
    }

    @Test
    void recordsAndMapsAreReadByTheTypesOfTheFragment() {
        bench.contribute("com.acme.quota", quotas());
        assertThat(bench.reported).isEmpty();
        Map<String, ?> data =
                bench.data(
                        """
                        { acmeQuotas { name limit since kind labels more parts { name } used
                          percent: used(percent: true) __typename }
                          acmeNamed(name: "x") { name ... on AcmeQuota { kind limit } __typename }
                          acmeAny { ... on AcmeQuota { name } }
                          domains { id acmeShout }
                          systemHealth { acmeSmell } }
                        """);
        assertThat(String.valueOf(at(data, "acmeQuotas.0")))
                .isEqualTo(
                        "{name=cpu, limit=9000000000000000000000, since=1970-01-01T00:00:00.000Z,"
                                + " kind=SOFT, labels={a=b}, more={deep=[1, 2, 0.5]}, parts=[], used=5,"
                                + " percent=50, __typename=AcmeQuota}");
        assertThat(String.valueOf(at(data, "acmeNamed")))
                .isEqualTo("{name=x, kind=HARD, limit=null, __typename=AcmeQuota}");
        assertThat(at(data, "acmeAny.name")).isEqualTo("any");
        assertThat(at(data, "domains.0.acmeShout")).isEqualTo("content-processing!");
        assertThat(at(data, "systemHealth.acmeSmell")).isEqualTo(0.25);
    }

    @Test
    void mutationsGetTheirDefaultsAndNeedAnOperator() {
        bench.contribute("com.acme.quota", quotas());
        String change = "mutation { acmeSet(change: {name: \"cpu\"}) { name } }";
        assertThat(at(bench.data(change), "acmeSet.name")).isEqualTo("cpu=7");
        assertThat(errorCode(change, Role.VIEWER)).isEqualTo("FORBIDDEN");
        assertThat(errorCode(change, Role.OPERATOR)).isNull();
        assertThat(errorCode("{ acmeAny { __typename } }", Role.VIEWER)).isNull();
    }

    @Test
    void aContributionCanAskForMore() {
        bench.contribute(
                "com.acme.quota",
                Vendor.query("acmeSecret", "Int", _ -> 1).role("Query.acmeSecret", Role.ADMIN));
        assertThat(errorCode("{ acmeSecret }", Role.OPERATOR)).isEqualTo("FORBIDDEN");
        assertThat(errorCode("{ acmeSecret }", Role.ADMIN)).isNull();
    }

    private @Nullable Object errorCode(String query, Role role) {
        Outcome outcome = bench.engine.execute(Bench.request(query, Map.of(), role));
        Map<String, ?> response =
                ((Outcome.Executed) outcome)
                        .response()
                        .toCompletableFuture()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join()
                        .map();
        return response.get("errors") == null
                ? null
                : extensions(Bench.first(response.get("errors"))).get("code");
    }

    /** What a fetcher can do wrong. */
    enum Fault {
        THROWS("Int", "INTERNAL_SERVER_ERROR"),
        OVERFLOWS("Int", "INTERNAL_SERVER_ERROR"),
        CANNOT_BE_LINKED("Int", "INTERNAL_SERVER_ERROR"),
        NULL("Int!", "INTERNAL_SERVER_ERROR"),
        WRONG("Int", "INTERNAL_SERVER_ERROR"),
        NO_LIST("[Int]", "INTERNAL_SERVER_ERROR"),
        HUGE_TEXT("String", "INTERNAL_SERVER_ERROR"),
        HUGE_LIST("[Int]", "QUERY_TOO_COMPLEX"),
        REFUSES("Int", "CONFLICT"),
        HANGS("Int", "REQUEST_TIMEOUT");

        final String type;
        final String code;

        Fault(String type, String code) {
            this.type = type;
            this.code = code;
        }

        @Nullable Object commit() throws Exception {
            return switch (this) {
                case THROWS -> throw new java.io.IOException("vendor's secret");
                case OVERFLOWS -> throw new StackOverflowError();
                case CANNOT_BE_LINKED -> throw new NoClassDefFoundError("com/acme/Secret");
                case NULL -> null;
                case WRONG -> new Object();
                case NO_LIST -> 5;
                case HUGE_TEXT -> "x".repeat(1 << 20);
                case HUGE_LIST -> java.util.Collections.nCopies(60_000, 1);
                case REFUSES -> throw RefusedException.conflict("taken already");
                case HANGS -> {
                    new CountDownLatch(1).await();
                    yield null;
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFetcherThatFailsIsOneErrorAndTheRestIsAnswered(Fault fault) {
        bench.contribute("com.acme.bad", Vendor.query("acmeBad", fault.type, _ -> fault.commit()));
        bench.contribute("com.good.one", Vendor.query("goodOne", "Int", _ -> 1));
        assertThat(bench.reported).isEmpty();
        Map<String, ?> response = bench.response("{ acmeBad goodOne }", Map.of());
        Map<String, Object> error = Bench.first(response.get("errors"));
        assertThat(extensions(error)).containsEntry("code", fault.code);
        assertThat(String.valueOf(error)).doesNotContain("secret").doesNotContain("java.");
        assertThat(at(bench.data("{ goodOne }"), "goodOne")).isEqualTo(1);
    }

    @Test
    void callsThatNeverEndKeepNobodyElseWaiting() {
        CountDownLatch never = new CountDownLatch(1);
        bench.contribute(
                "com.acme.bad",
                Vendor.query(
                        "acmeBad",
                        "Int",
                        _ -> {
                            while (!Thread.currentThread().isInterrupted()) Thread.onSpinWait();
                            never.await();
                            return 1;
                        }));
        bench.contribute("com.good.one", Vendor.query("goodOne", "Int", _ -> 1));
        String many = "{ a: acmeBad b: acmeBad c: acmeBad d: acmeBad e: acmeBad f: acmeBad }";
        assertThat(extensions(bench.error(many))).containsEntry("code", "REQUEST_TIMEOUT");
        assertThat(at(bench.data("{ goodOne }"), "goodOne")).isEqualTo(1);
    }

    @Test
    void whatABundleAddedGoesWithIt() {
        String before = bench.engine.sdl();
        Runnable end = bench.contribute("com.acme.quota", quotas());
        assertThat(bench.engine.sdl()).contains("type AcmeQuota").contains("acmeShout");
        assertThat(bench.generations.state().current().coordinatesOf("com.acme.quota"))
                .contains("AcmeQuota", "AcmeQuota.used", "DomainRuntime.acmeShout");
        end.run();
        assertThat(bench.engine.sdl()).isEqualTo(before);
        assertThat(bench.refused("{ acmeAny { __typename } }").kind())
                .isEqualTo(Refusal.VALIDATION);
        assertThat(bench.generations.state().current().coordinatesOf("com.acme.quota")).isEmpty();
    }

    @Test
    void aRequestUnderWayWhenTheBundleLeavesIsToldSo() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        Runnable end =
                bench.contribute(
                        "com.acme.slow",
                        Vendor.query(
                                "acmeSlow",
                                "Int",
                                _ -> {
                                    called.countDown();
                                    new CountDownLatch(1).await();
                                    return 1;
                                }));
        Outcome outcome = bench.ask("{ acmeSlow schemaInfo { generation } }");
        assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
        end.run();
        Map<String, ?> response =
                ((Outcome.Executed) outcome)
                        .response()
                        .toCompletableFuture()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join()
                        .map();
        assertThat(extensions(Bench.first(response.get("errors"))))
                .containsEntry("code", "SCHEMA_CHANGED");
        assertThat(at(response, "data.schemaInfo.generation")).isEqualTo(2);
    }
}
