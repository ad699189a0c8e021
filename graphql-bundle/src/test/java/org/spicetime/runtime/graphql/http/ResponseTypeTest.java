// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTypeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                                | JSON",
                "*/*                                                               | JSON",
                "application/*                                                     | JSON",
                "application/json                                                  | JSON",
                "APPLICATION/JSON                                                  | JSON",
                "application/graphql-response+json                                 | GRAPHQL_RESPONSE",
                "application/graphql-response+json;charset=UTF-8                   | GRAPHQL_RESPONSE",
                "application/graphql-response+json; charset=\"utf-8\"              | GRAPHQL_RESPONSE",
                "application/graphql-response+json, application/json               | GRAPHQL_RESPONSE",
                "application/json, application/graphql-response+json               | JSON",
                "application/json;q=0.5, application/graphql-response+json;q=0.501 | GRAPHQL_RESPONSE",
                "application/json;q=0.5, application/graphql-response+json;q=0.499 | JSON",
                "application/graphql-response+json, */*                            | GRAPHQL_RESPONSE",
                "application/graphql-response+json;q=0, */*                        | JSON",
                "application/json;q=0, */*;q=0.1                                   | GRAPHQL_RESPONSE",
                "text/html, image/png, */*;q=0.1                                   | JSON",
                "nonsense, application/json                                        | JSON",
                "application/graphql-response+json;q=2, application/json;q=0.1     | JSON",
                "text/plain;x=\",application/graphql-response+json\", application/json | JSON",
            })
    void theBestOfWhatTheClientAcceptsIsChosen(String accept, ResponseType expected) {
        assertThat(ResponseType.negotiate(List.of(accept))).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "text/event-stream",
                "application/json;q=0",
                "*/*;q=0",
                "application/json;charset=iso-8859-1",
                "nonsense",
                "application/jsonx",
            })
    void nothingIsAnAnswerToo(String accept) {
        assertThat(ResponseType.negotiate(List.of(accept))).isEmpty();
    }

    @Test
    void severalHeadersCountAsOne() {
        assertThat(
                        ResponseType.negotiate(
                                List.of(
                                        "application/json;q=0.1",
                                        "application/graphql-response+json")))
                .contains(ResponseType.GRAPHQL_RESPONSE);
        assertThat(ResponseType.negotiate(List.of())).contains(ResponseType.JSON);
    }
}
