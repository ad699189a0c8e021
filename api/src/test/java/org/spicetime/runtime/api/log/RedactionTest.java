// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedactionTest {

    @Test
    void credentialsAreTakenOut() {
        assertThat(
                        Redaction.of(
                                "sent drt_0123456789abcdef, Authorization: Bearer abcdefghijkl, Basic"
                                        + " YWRtaW46YWRtaW4=, password=hunter2 token: xyz"))
                .isEqualTo(
                        "sent [redacted], Authorization: Bearer [redacted], Basic [redacted],"
                                + " password=[redacted] token: [redacted]");
        assertThat(Redaction.of("a basic task of the bearer"))
                .isEqualTo("a basic task of the bearer");
    }

    @Test
    void aTraceKeepsItsLines() {
        String trace =
                """
                WARN stopped
                java.io.IOException: token=abc of drt_0123456789
                \tat Token.read(Token.java:1)
                Caused by: none, secret: s3
                """;
        assertThat(Redaction.ofTrace(trace))
                .isEqualTo(
                        """
                        WARN stopped
                        java.io.IOException: token=[redacted] of [redacted]
                        \tat Token.read(Token.java:1)
                        Caused by: none, secret: [redacted]
                        """);
        assertThat(Redaction.ofTrace("")).isEmpty();
        assertThat(Redaction.ofTrace("no end of line")).isEqualTo("no end of line");
    }
}
