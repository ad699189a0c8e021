// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP requests that are malformed, too large or too complex: refused, and nothing has changed. */
@ExtendWith(SharedHost.class)
class BadRequestDistributionIT {

    private static final String JSON = "application/json";
    private static final int BODY_LIMIT = 256 * 1024;

    private String before = "";

    @BeforeEach
    void remember(GraphQl client) {
        before = HostState.of(client);
    }

    @AfterEach
    void nothingHasChanged(GraphQl client) {
        assertThat(HostState.of(client)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[]",
                "\"text\"",
                "null",
                "5",
                "{\"query\":5}",
                "{\"query\":[]}",
                "{}",
                "{\"query\":\"{__typename}\",\"variables\":5}",
                "{\"query\":\"{__typename}\",\"operationName\":5}",
                "{\"query\":\"{__typename}\",\"extensions\":5}",
                "{\"query\":\"{__typename}\",\"query\":\"{__typename}\"}",
                "{\"query\":\"{__typename}\",\"variables\":{\"a\":NaN}}",
                "{\"query\":\"{__typename}\"} trailing",
                "{'query':'{__typename}'}",
                "[{\"query\":\"{__typename}\"}]"
            })
    void malformedJsonIsRefused(String body, GraphQl client) {
        for (String accept : List.of(JSON, GraphQl.RESPONSE_JSON)) {
            GraphQl.Answer answer = client.post(body.getBytes(StandardCharsets.UTF_8), accept);
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            requireClear(answer);
        }
    }

    @Test
    void bytesThatAreNoUtf8AreRefused(GraphQl client) {
        byte[] body = {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'};
        GraphQl.Answer answer = client.post(body, JSON);
        assertThat(answer.status()).isEqualTo(400);
        requireClear(answer);
    }

    @Test
    void jsonThatIsNestedTooDeepIsRefused(GraphQl client) {
        String body =
                "{\"query\":\"{__typename}\",\"variables\":{\"a\":" + "[".repeat(100_000) + "}}";
        GraphQl.Answer answer = client.post(body.getBytes(StandardCharsets.UTF_8), JSON);
        assertThat(answer.status()).isEqualTo(400);
        requireClear(answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {BODY_LIMIT + 1, 4 * BODY_LIMIT})
    void aBodyThatIsTooLargeIsRefused(int size, GraphQl client) {
        String begin = "{\"query\":\"{__typename}\",\"variables\":{\"a\":\"";
        String body = begin + "x".repeat(size - begin.length() - 3) + "\"}}";
        GraphQl.Answer answer = client.post(body.getBytes(StandardCharsets.UTF_8), JSON);
        assertThat(answer.status()).isEqualTo(413);
        requireClear(answer);
    }

    @Test
    void aBodyOfUnknownLengthThatIsTooLargeIsRefused(GraphQl client) {
        HttpRequest.Builder request =
                client.request("/graphql")
                        .header("Content-Type", JSON)
                        .POST(
                                HttpRequest.BodyPublishers.ofInputStream(() ->
                                        new java.io.ByteArrayInputStream(
                                                " "
                                                        .repeat(4 * BODY_LIMIT)
                                                        .getBytes(StandardCharsets.UTF_8))));
        assertThat(client.send(request).status()).isEqualTo(413);
    }

    @Test
    void otherMediaTypesAndMethodsAreRefused(GraphQl client) {
        String query = "{\"query\":\"{__typename}\"}";
        for (String type :
                List.of("text/plain", "application/x-www-form-urlencoded", "application/xml")) {
            GraphQl.Answer answer =
                    client.send(
                            client.request("/graphql")
                                    .header("Content-Type", type)
                                    .POST(HttpRequest.BodyPublishers.ofString(query)));
            assertThat(answer.status()).as(type).isEqualTo(415);
        }
        GraphQl.Answer put =
                client.send(
                        client.request("/graphql")
                                .header("Content-Type", JSON)
                                .PUT(HttpRequest.BodyPublishers.ofString(query)));
        assertThat(put.status()).isEqualTo(405);
        GraphQl.Answer mutation =
                client.get(
                        "/graphql?query=mutation%7BpauseDomain(domainId%3A%22ethical-scoring%22)%7Bid%7D%7D");
        assertThat(mutation.status()).isEqualTo(405);
        assertThat(
                        client.send(
                                        client.request("/graphql?query=%7B__typename%7D")
                                                .header("Accept", "image/png"))
                                .status())
                .isEqualTo(406);
    }

    @Test
    void whatNobodyServesAndWhatCannotBeReadIsAStatusAndNothingElse(
            HostProcess host, GraphQl client) throws IOException {
        GraphQl.Answer nobody = client.get("/nothing?a=secret");
        assertThat(nobody.status()).isEqualTo(404);
        assertThat(nobody.text()).isEqualTo("404 Not Found\n");
        for (String request :
                List.of(
                        "GET /secret secret HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /secret/%2e%2e/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                        "GET /secret HTTP/1.1\r\nConnection: close\r\n\r\n")) {
            assertThat(RawHttp.exchange(host.url(), request))
                    .startsWith("HTTP/1.1 400 ")
                    .endsWith("\r\n\r\n400 Bad Request\n")
                    .doesNotContain("secret");
        }
    }

    @Test
    void aQueryThatIsNestedFiveThousandDeepIsTooComplex(GraphQl client) {
        String query = "{ a ".repeat(5000) + "}".repeat(5000);
        requireTooComplex(client, query);
        requireTooComplex(
                client,
                "{ domains " + "{ tasks { domain ".repeat(20) + "{ id }" + "} }".repeat(20) + " }");
    }

    @Test
    void tenThousandAliasesAreTooComplex(GraphQl client) {
        StringBuilder query = new StringBuilder("{");
        for (int i = 0; i < 10_000; i++) {
            query.append(" a").append(i).append(": domains { id }");
        }
        requireTooComplex(client, query.append(" }").toString());
    }

    @Test
    void aCycleOfFragmentsIsRefused(GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        "{ domains { ...A } } fragment A on DomainRuntime { ...B } fragment B on DomainRuntime { ...A }",
                        Map.of());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("code"))
                .isNotEmpty()
                .containsOnly("GRAPHQL_VALIDATION_FAILED");
    }

    private static void requireTooComplex(GraphQl client, String query) {
        JsonNode request = GraphQl.request(query, GraphQl.JSON.createObjectNode());
        byte[] body = request.toString().getBytes(StandardCharsets.UTF_8);
        GraphQl.Answer modern = client.post(body, GraphQl.RESPONSE_JSON);
        assertThat(modern.status()).isEqualTo(400);
        assertThat(modern.code()).isEqualTo("QUERY_TOO_COMPLEX");
        GraphQl.Answer classic = client.post(body, JSON);
        assertThat(classic.status()).isEqualTo(200);
        assertThat(classic.code()).isEqualTo("QUERY_TOO_COMPLEX");
        assertThat(classic.body().has("data")).isFalse();
    }

    private static void requireClear(GraphQl.Answer answer) {
        Clarity.require(answer);
    }
}
