// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.domain.CpuMetrics;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.ResourceUsage;
import org.spicetime.runtime.api.domain.StorageMetrics;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.network.NetworkMetrics;

/** Whom the gate lets in. */
class RequestGateTest extends GateFixture {
    @Test
    void aStrangerGetsLivenessAndReadinessAndNothingElse() throws Exception {
        assertThat(send("GET", "/livez").status()).isEqualTo(200);
        assertThat(send("GET", "/livez").body()).isEqualTo("alive\n");
        assertThat(send("HEAD", "/livez").status()).isEqualTo(200);
        for (String path :
                List.of(
                        "/",
                        "/readyz/",
                        "/READYZ",
                        "/schema.graphqls",
                        "/system/health",
                        "/system/console",
                        "/system/console/bundles",
                        "/livez/",
                        "/livez/x",
                        "/LIVEZ",
                        "/graphql/",
                        "/graphql/x",
                        "/none")) {
            HttpProbe answer = send("GET", path);
            assertThat(answer.status()).as(path).isEqualTo(401);
            assertThat(answer.headers()).as(path).containsKey("www-authenticate");
            assertThat(answer.body()).as(path).doesNotContain("nobody");
        }
        for (String method : List.of("POST", "PUT", "TRACE", "OPTIONS")) {
            assertThat(send(method, "/livez").status()).as(method).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/livez/../none",
                "/livez/..;/none",
                "/livez;/../none",
                "/readyz/%2e%2e/none",
                "/graphql/../none",
                "//none",
            })
    void aPathCannotBeDisguised(String path) throws Exception {
        HttpProbe answer = send("GET", path);

        assertThat(answer.status()).isIn(400, 401);
        assertThat(answer.body()).doesNotContain("nobody");
    }

    @Test
    void theTokenOpensEverything() throws Exception {
        assertThat(send("GET", "/anything", bearer).body()).isEqualTo("admin");
        assertThat(send("POST", "/graphql", bearer).body()).isEqualTo("admin");
        assertThat(send("GET", "/system/console", bearer).body()).isEqualTo("admin");
    }

    @Test
    void graphQlIsReachedByStrangersAsNobody() throws Exception {
        assertThat(send("GET", "/graphql").body()).isEqualTo("nobody");
    }

    @Test
    void wrongCredentialsAreRefusedEverywhereWithTheSameText() throws Exception {
        for (String wrong :
                List.of(
                        bearer + "x",
                        "Authorization: Bearer drt_" + "A".repeat(43),
                        "Authorization: Bearer",
                        "Authorization: nonsense",
                        "Authorization: Digest x",
                        basic("admin", "wrong"))) {
            HttpProbe answer = send("GET", "/readyz", wrong);
            assertThat(answer.status()).as(wrong).isEqualTo(401);
            assertThat(answer.body())
                    .isEqualTo(
                            "The credentials are not valid: send the header Authorization: Bearer TOKEN,"
                                    + " with the token in the file secrets/admin.token of the instance"
                                    + " directory.\n");
        }
        for (String path : List.of("/graphql", "/graphql/stream")) {
            HttpProbe graphQl = send("POST", path, bearer + "x");
            assertThat(graphQl.status()).isEqualTo(401);
            assertThat(graphQl.headers()).containsEntry("www-authenticate", "Bearer");
            assertThat(graphQl.headers().get("content-type"))
                    .isEqualToIgnoringCase("application/json;charset=utf-8");
            assertThat(graphQl.body())
                    .startsWith("{\"errors\":[{\"message\":\"The credentials are not valid")
                    .contains("\"code\":\"UNAUTHENTICATED\"");
        }
    }

    @Test
    void twoAuthorizationHeadersAreRefused() throws Exception {
        assertThat(send("GET", "/x", bearer, bearer).status()).isEqualTo(401);
    }

    @Test
    void aPasswordOpensTheConsoleOnly() throws Exception {
        assertThat(send("GET", "/system/console/bundles", basic).body()).isEqualTo("admin");
        assertThat(send("GET", "/readyz", basic).status()).isEqualTo(401);
        assertThat(send("POST", "/graphql", basic).status()).isEqualTo(401);
        assertThat(send("GET", "/system/consoles", basic).status()).isEqualTo(401);
        String token = basic.substring("Authorization: Basic ".length());
        String password =
                new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8).substring(6);
        assertThat(send("GET", "/system/console", basic("root", password)).status()).isEqualTo(401);
        assertThat(send("GET", "/system/console", basic("admin", "admin")).headers())
                .containsEntry(
                        "www-authenticate", "Basic realm=\"Domain Runtime\", charset=\"UTF-8\"");
    }

    @Test
    void aClientThatOffersAnotherProtocolMayReadTheConsoleWithAPassword() throws Exception {
        assertThat(send("GET", "/system/console/bundles", basic, "Upgrade: h2c").body())
                .isEqualTo("admin");
    }

    @Test
    void changesWithAPasswordNeedOurOwnPage() throws Exception {
        String path = "/system/console/bundles";
        assertThat(send("POST", path, basic).status()).isEqualTo(403);
        assertThat(send("POST", path, basic, "Origin: http://localhost").status()).isEqualTo(200);
        assertThat(send("POST", path, basic, "Sec-Fetch-Site: same-origin").status())
                .isEqualTo(200);
        assertThat(send("POST", path, bearer).status()).isEqualTo(200);
    }

    @Test
    void aGetThatTheConsoleTakesForAPostIsAChange() throws Exception {
        for (String path :
                List.of(
                        "/system/console/configMgr/x?post=true&apply=true",
                        "/system/console/configMgr/x?p%6Fst=true",
                        "/system/console/configMgr/x?a=b&post")) {
            assertThat(send("GET", path, basic).status()).as(path).isEqualTo(403);
            assertThat(send("GET", path, bearer, "Sec-Fetch-Site: cross-site").status())
                    .as(path)
                    .isEqualTo(403);
            assertThat(send("GET", path, basic, "Sec-Fetch-Site: same-origin").status())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(send("GET", "/system/console/configMgr?x=post", basic).status()).isEqualTo(200);
    }

    @Test
    void newSettingsHoldFromTheNextRequestOn() throws Exception {
        assertThat(send("GET", "/livez", "Host: other.example").status()).isEqualTo(403);
        gate.configure(
                settings(
                        Map.of(
                                "hosts",
                                new String[] {"other.example"},
                                "signInBurst",
                                2,
                                "signInMillis",
                                1000)));
        assertThat(send("GET", "/livez", "Host: other.example").status()).isEqualTo(200);
        assertThat(send("GET", "/livez", "Host: runtime.example").status()).isEqualTo(200);
        assertThat(send("GET", "/x", bearer + "x").status()).isEqualTo(401);
        assertThat(send("GET", "/x", bearer + "x").status()).isEqualTo(401);
        assertThat(send("GET", "/x", bearer + "x").status()).isEqualTo(429);
        gate.configure(settings(Map.of("signInBurst", -5, "signInMillis", Integer.MAX_VALUE)));
        assertThat(send("GET", "/livez", "Host: other.example").status()).isEqualTo(403);
        assertThat(send("GET", "/x", bearer).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: localhost.evil.example",
                "Host: 127.0.0.1.evil.example",
                "Host: 127.0.0.2",
                "Host: localhost:80x",
                "Host: localhost@evil.example",
                "Host: [::2]",
            })
    void anotherHostsNameIsRefused(String host) throws Exception {
        HttpProbe answer = send("GET", "/livez", host);

        assertThat(answer.status()).isIn(400, 403);
        assertThat(answer.body()).doesNotContain("alive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost",
                "Host: LocalHost:8080",
                "Host: 127.0.0.1:1",
                "Host: [::1]",
                "Host: [::1]:65535",
                "Host: runtime.example:443",
            })
    void ourOwnNamesAreAccepted(String host) throws Exception {
        assertThat(send("GET", "/livez", host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: null",
                "Origin: http://localhost:81",
                "Origin: https://localhost",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
            })
    void aForeignPageMayNeitherChangeNorUpgrade(String header) throws Exception {
        assertThat(send("POST", "/graphql", bearer, header).status()).isEqualTo(403);
        assertThat(send("DELETE", "/x", bearer, header).status()).isEqualTo(403);
        HttpProbe upgrade = send("GET", "/graphql", "Upgrade: websocket", header);
        assertThat(upgrade.status()).isEqualTo(403);
        assertThat(upgrade.body()).contains("\"code\":\"FORBIDDEN\"");
        assertThat(send("GET", "/graphql", bearer, header).status()).isEqualTo(200);
    }

    @Test
    void ourOwnPageMayUpgradeBeforeSigningIn() throws Exception {
        HttpProbe upgrade =
                send(
                        "GET",
                        "/graphql",
                        "Upgrade: websocket",
                        "Host: 127.0.0.1:8080",
                        "Origin: http://127.0.0.1:8080");

        assertThat(upgrade.status()).isEqualTo(200);
        assertThat(upgrade.body()).isEqualTo("nobody");
    }

    @Test
    void manyFailuresAreSlowedDownButTheTokenStillWorks() throws Exception {
        for (int i = 0; i < SignInThrottle.BURST; i++) {
            assertThat(send("GET", "/x", bearer + "x").status()).isEqualTo(401);
        }
        HttpProbe answer = send("GET", "/x", bearer + "x");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.headers()).containsEntry("retry-after", "1");
        assertThat(send("GET", "/x", bearer).body()).isEqualTo("admin");
    }

    @Test
    void withoutAnAuthenticatorNobodyComesIn() throws Exception {
        gate.unbindAuthenticator(new TokenAuthenticator(instance));
        assertThat(send("GET", "/x", bearer).body()).isEqualTo("admin");
        TokenAuthenticator stopped = new TokenAuthenticator(instance);
        stopped.stop();
        gate.bindAuthenticator(stopped);
        assertThat(send("GET", "/x", bearer).status()).isEqualTo(401);
        RequestGate bare = new RequestGate(List.of(), now::get);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addFilter(new FilterHolder(bare), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new Seen()), "/");
        server.stop();
        server.setHandler(context);
        server.start();
        port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();

        assertThat(send("GET", "/x", bearer).status()).isEqualTo(503);
        assertThat(send("GET", "/x").status()).isEqualTo(401);
        assertThat(send("GET", "/livez").status()).isEqualTo(200);
    }

    @Test
    void everyAnswerCarriesTheProtectiveHeaders() throws Exception {
        for (HttpProbe answer :
                List.of(send("GET", "/livez"), send("GET", "/x"), send("GET", "/x", bearer))) {
            assertThat(answer.headers())
                    .containsEntry("x-content-type-options", "nosniff")
                    .containsEntry("x-frame-options", "DENY")
                    .containsEntry("content-security-policy", "frame-ancestors 'none'");
        }
    }

    @Test
    void aStrangerLearnsWhetherTheHostIsReadyAndNoReasons() throws Exception {
        HttpProbe missing = send("GET", "/readyz");
        assertThat(missing.status()).isEqualTo(503);
        assertThat(missing.body()).isEqualTo("not ready\n");
        assertThat(missing.headers()).containsEntry("retry-after", "1");
        assertThat(send("GET", "/readyz", bearer).body())
                .isEqualTo("not ready\nthe domains are not there yet\n");

        Domains well = host(HealthStatus.DEGRADED, "on a fallback");
        readiness.bindDomains(well);
        assertThat(send("GET", "/readyz").status()).isEqualTo(200);
        assertThat(send("GET", "/readyz?verbose").body()).isEqualTo("ready\n");
        assertThat(send("GET", "/readyz?verbose", bearer).body())
                .isEqualTo("ready\nDEGRADED part: on a fallback\n");
        readiness.unbindDomains(well);
        assertThat(send("GET", "/readyz", bearer).status()).isEqualTo(503);

        readiness.bindDomains(host(HealthStatus.UNHEALTHY, "disk\nfull"));
        assertThat(send("GET", "/readyz?verbose").status()).isEqualTo(503);
        assertThat(send("GET", "/readyz?verbose").body()).isEqualTo("not ready\n");
        assertThat(send("GET", "/readyz", bearer).body()).isEqualTo("not ready\npart: disk full\n");
        assertThat(send("GET", "/readyz", bearer + "x").status()).isEqualTo(401);
        assertThat(send("POST", "/readyz").status()).isEqualTo(401);
    }

    @Test
    void healthThatCannotBeToldIsNotReady() throws Exception {
        readiness.bindDomains(
                (Domains)
                        Proxy.newProxyInstance(
                                Domains.class.getClassLoader(),
                                new Class<?>[] {Domains.class},
                                (proxy, method, arguments) -> {
                                    throw new IllegalStateException("secret detail");
                                }));
        HttpProbe answer = send("GET", "/readyz", bearer);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).doesNotContain("secret detail");
    }

    private static Domains host(HealthStatus status, String message) {
        SystemHealth health =
                new SystemHealth(
                        status,
                        Instant.EPOCH,
                        Duration.ZERO,
                        "1",
                        0,
                        0,
                        0,
                        new ResourceUsage(
                                new CpuMetrics(
                                        OptionalDouble.empty(),
                                        0,
                                        OptionalDouble.empty(),
                                        OptionalInt.empty(),
                                        0),
                                new MemoryMetrics(0, 0, 0, 0, 0, 0, 0, OptionalDouble.empty(), 0),
                                new NetworkMetrics(
                                        OptionalDouble.empty(), OptionalDouble.empty(), 0, 0),
                                StorageMetrics.UNKNOWN),
                        List.of(new HealthComponent("part", status, message, Map.of())),
                        null);
        return (Domains)
                Proxy.newProxyInstance(
                        Domains.class.getClassLoader(),
                        new Class<?>[] {Domains.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "all" -> List.of();
                                    case "health" -> health;
                                    default ->
                                            throw new UnsupportedOperationException(
                                                    method.getName());
                                });
    }
}
