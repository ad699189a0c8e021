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
}
