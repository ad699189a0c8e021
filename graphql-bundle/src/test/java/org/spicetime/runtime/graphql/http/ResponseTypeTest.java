// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
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
        assertThat(documents(accept)).contains(expected);
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
        assertThat(documents(accept)).isEmpty();
    }

    @Test
    void severalHeadersCountAsOne() {
        assertThat(documents("application/json;q=0.1", "application/graphql-response+json"))
                .contains(ResponseType.GRAPHQL_RESPONSE);
        assertThat(documents()).contains(ResponseType.JSON);
    }

    private static Optional<ResponseType> documents(String... accept) {
        return ResponseType.negotiate(List.of(accept), ResponseType.DOCUMENTS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*                                              | JSON",
                "text/*                                           | EVENT_STREAM",
                "text/event-stream                                | EVENT_STREAM",
                "multipart/mixed;subscriptionSpec=1.0, application/json | MULTIPART",
                "multipart/mixed;boundary=x;subscriptionSpec=\"1.0\"  | MULTIPART",
                "multipart/mixed;deferSpec=20220824, application/json | JSON",
                "multipart/mixed;subscriptionSpec=2, application/json | JSON",
                "multipart/*, */*;q=0.1                           | JSON",
                "application/json, text/event-stream              | JSON",
            })
    void aStreamIsForThoseWhoPreferIt(String accept, ResponseType expected) {
        assertThat(ResponseType.negotiate(List.of(accept), EnumSet.allOf(ResponseType.class)))
                .contains(expected);
    }
}
