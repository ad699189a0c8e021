// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

/** What every refusal must be like. */
final class Clarity {
    private static final int LONGEST_MESSAGE = 2000;

    private static final Set<String> CODES =
            Stream.concat(
                            Stream.of(RequestErrorCode.values()),
                            Stream.of(RuntimeErrorCode.values()))
                    .map(Enum::name)
                    .collect(Collectors.toSet());

    private Clarity() {}

    /** One error with a stable code and a message for people, without internals. */
    static void require(GraphQl.Answer answer) {
        require(answer.error());
    }

    /** The same of an error by itself. */
    static void require(JsonNode error) {
        String message = error.path("message").asText();
        String code = error.at("/extensions/code").asText("no code");
        assertThat(message).as("the message of %s", error).isNotBlank();
        assertThat(message.length()).as("length of: %s", message).isLessThan(LONGEST_MESSAGE);
        assertThat(message)
                .doesNotContain("\tat ")
                .doesNotContain("java.")
                .doesNotContain("Exception")
                .doesNotContain("graphql.")
                .doesNotContain("org.spicetime")
                .doesNotContain("com.fasterxml");
        assertThat(CODES).as("the codes of %s", error).contains(code);
        assertThat(code).as("the code of %s", error).isNotEqualTo("INTERNAL_SERVER_ERROR");
    }
}
