// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

/** What every refusal must be like. */
final class Clarity {
    private static final int LONGEST_MESSAGE = 2000;

    private Clarity() {}

    /** One error with a stable code and a message for people, without internals. */
    static void require(GraphQl.Answer answer) {
        String message = answer.error().path("message").asText();
        assertThat(message).as("the message of %s", answer.text()).isNotBlank();
        assertThat(message.length()).as("length of: %s", message).isLessThan(LONGEST_MESSAGE);
        assertThat(message)
                .doesNotContain("\tat ")
                .doesNotContain("java.")
                .doesNotContain("Exception")
                .doesNotContain("graphql.")
                .doesNotContain("org.spicetime")
                .doesNotContain("com.fasterxml");
        assertThat(answer.code())
                .as("the code of %s", answer.text())
                .matches("[A-Z_]+")
                .isNotEqualTo("INTERNAL_SERVER_ERROR");
    }
}
