// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages of other origins that may use GraphQL, and the stricter rule against those that may not.
 */
class CrossOriginTest extends GateFixture {
    private static final String ORIGIN = "Origin: https://console.example:8443";
    private static final String FOREIGN = "Sec-Fetch-Site: cross-site";
    private static final String ASKED = "Access-Control-Request-Method: POST";
    private static final String READER = "access-control-allow-origin";

    private void allow(String... origins) {
        gate.configure(settings(Map.of("origins", origins)));
    }

    @Test
    void noOriginIsAllowedUnlessItIsConfigured() throws Exception {
        HttpProbe asked = send("OPTIONS", "/graphql", ORIGIN, ASKED);
        assertThat(asked.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
        assertThat(asked.headers()).doesNotContainKey("vary");
        assertThat(send("POST", "/graphql", bearer, ORIGIN).status()).isEqualTo(403);
    }

    @Test
    void aBrowserThatAsksForAnAllowedPageIsToldWhatItMaySend() throws Exception {
        allow("https://console.example:8443");
        for (String path : List.of("/graphql", "/graphql/stream")) {
            HttpProbe answer = send("OPTIONS", path, ORIGIN, FOREIGN, ASKED);
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers())
                    .containsEntry(READER, "https://console.example:8443")
                    .containsEntry("access-control-allow-methods", "GET, POST, PUT, DELETE")
                    .containsEntry("access-control-max-age", "600")
                    .containsEntry("vary", "Origin")
                    .doesNotContainKey("access-control-allow-credentials");
            assertThat(answer.headers().get("access-control-allow-headers"))
                    .contains("Authorization", "Content-Type", "Last-Event-ID");
        }
    }

    @Test
    void aPageOfAnAllowedOriginSendsChangesUpgradesAndReadsRefusals() throws Exception {
        allow("https://other.example", "https://console.example:8443");
        HttpProbe change = send("POST", "/graphql", bearer, ORIGIN, FOREIGN);
        assertThat(change.body()).isEqualTo("admin");
        assertThat(change.headers())
                .containsEntry(READER, "https://console.example:8443")
                .containsEntry("vary", "Origin");
        assertThat(change.headers().get("access-control-expose-headers")).contains("Retry-After");
        assertThat(send("GET", "/graphql", "Upgrade: websocket", ORIGIN, FOREIGN).body())
                .isEqualTo("nobody");
        HttpProbe wrong = send("POST", "/graphql", bearer + "x", ORIGIN);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.headers()).containsKey(READER);
        assertThat(send("GET", "/graphql", bearer, "Origin: https://other.example").headers())
                .containsEntry(READER, "https://other.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://console.example",
                "https://console.example:443",
                "http://console.example:8443",
                "https://console.example:8443.evil.example",
                "https://x.console.example:8443",
                "null",
                "*",
                "",
                "https://console.example:8443 https://console.example:8443"
            })
    void anotherOriginIsAsForeignAsBefore(String origin) throws Exception {
        allow("https://console.example:8443");
        String header = "Origin: " + origin;
        assertThat(send("POST", "/graphql", bearer, header).status()).isEqualTo(403);
        assertThat(send("GET", "/graphql", "Upgrade: websocket", header).status()).isEqualTo(403);
        for (HttpProbe answer :
                List.of(
                        send("OPTIONS", "/graphql", header, ASKED),
                        send("GET", "/graphql", bearer, header))) {
            assertThat(answer.headers()).doesNotContainKey(READER).containsEntry("vary", "Origin");
        }
        assertThat(send("POST", "/graphql", bearer, ORIGIN, header).status()).isEqualTo(403);
    }

    @Test
    void anAllowedOriginMayUseGraphQlAndNothingElse() throws Exception {
        allow("https://console.example:8443");
        for (String path : List.of("/system/console/bundles", "/x", "/graphqlx", "/livez")) {
            assertThat(send("POST", path, bearer, ORIGIN).status()).as(path).isEqualTo(403);
            assertThat(send("OPTIONS", path, ORIGIN, ASKED).headers())
                    .as(path)
                    .doesNotContainKey(READER);
        }
        HttpProbe rebound = send("POST", "/graphql", bearer, ORIGIN, "Host: evil.example");
        assertThat(rebound.status()).isEqualTo(403);
        assertThat(rebound.headers()).doesNotContainKey(READER);
    }

    @Test
    void originsAreComparedAsBrowsersSendThemAndWhatIsNoneIsLeftOut() throws Exception {
        allow(
                " HTTPS://Console.Example:443/ ",
                "http://[::1]:80",
                "*",
                "null",
                "",
                "file:///etc",
                "https://a.example/path",
                "console.example");
        for (String origin : List.of("https://console.example", "http://[::1]")) {
            assertThat(send("POST", "/graphql", bearer, "Origin: " + origin).body())
                    .isEqualTo("admin");
        }
        for (String origin :
                List.of("*", "null", "file:///etc", "https://a.example", "console.example")) {
            assertThat(send("POST", "/graphql", bearer, "Origin: " + origin).status())
                    .as(origin)
                    .isEqualTo(403);
        }
        allow();
        assertThat(send("POST", "/graphql", bearer, "Origin: https://console.example").status())
                .isEqualTo(403);
    }

    @Test
    void underTheStricterRuleNothingIsAnsweredThatABrowserSendsUnasked() throws Exception {
        assertThat(send("GET", "/graphql", bearer).status()).isEqualTo(200);
        gate.configure(settings(Map.of("strictCsrf", true)));
        for (String type :
                List.of(
                        "X-Nothing: 1",
                        "Apollo-Require-Preflight: ",
                        "Content-Type: text/plain",
                        "Content-Type: TEXT/PLAIN; charset=utf-8",
                        "Content-Type: multipart/form-data; boundary=x",
                        "Content-Type: application/x-www-form-urlencoded",
                        "Content-Type: nonsense",
                        "Content-Type: , application/json")) {
            for (String method : List.of("GET", "HEAD", "POST")) {
                for (String path : List.of("/graphql", "/graphql/stream")) {
                    assertThat(send(method, path, bearer, type).status())
                            .as(method + " " + path + " " + type)
                            .isEqualTo(403);
                }
            }
        }
        assertThat(send("GET", "/graphql", bearer).body()).contains("Apollo-Require-Preflight");
        for (String header :
                List.of(
                        "Content-Type: application/json",
                        "Content-Type: application/json;charset=utf-8",
                        "Apollo-Require-Preflight: true",
                        "X-Apollo-Operation-Name: Q")) {
            assertThat(send("GET", "/graphql", bearer, header).status()).isEqualTo(200);
            assertThat(send("POST", "/graphql", bearer, header).status()).isEqualTo(200);
        }
        assertThat(send("GET", "/graphql", "Upgrade: websocket").status()).isEqualTo(200);
        assertThat(send("OPTIONS", "/graphql", bearer).status()).isEqualTo(200);
        assertThat(send("GET", "/schema.graphqls", bearer).status()).isEqualTo(200);
    }
}
