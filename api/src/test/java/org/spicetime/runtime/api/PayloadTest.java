// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

    @Test
    void aPayloadDoesNotShareItsBytes() {
        byte[] mine = {1, 2, 3};
        Payload payload = new Payload(mine, "application/octet-stream");
        mine[0] = 9;
        payload.bytes()[1] = 9;
        assertThat(payload.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void payloadsOfEqualContentAreEqual() {
        assertThat(Payload.json("{}"))
                .isEqualTo(Payload.json("{}"))
                .hasSameHashCodeAs(Payload.json("{}"));
        assertThat(Payload.json("{}")).isNotEqualTo(Payload.json("[]"));
        assertThat(Payload.json("{}"))
                .isNotEqualTo(new Payload(Payload.json("{}").bytes(), "text/plain"));
    }

    @Test
    void jsonIsKnownByItsTypeAlone() {
        assertThat(Payload.json("{\"ä\":1}").utf8()).isEqualTo("{\"ä\":1}");
        assertThat(new Payload(new byte[0], "application/json; charset=utf-8").isJson()).isTrue();
        assertThat(new Payload(new byte[0], "Application/JSON").isJson()).isTrue();
        assertThat(new Payload(new byte[0], "application/json-patch+json").isJson()).isFalse();
    }

    @Test
    void aPayloadDoesNotPrintItsContent() {
        assertThat(Payload.json("\"secret\"").toString())
                .doesNotContain("secret")
                .contains("8 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "json", "/", "a/", "a/b c", "text/plain\n", "text/plain; a\u0007"})
    void whatIsNoMediaTypeIsRefused(String contentType) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Payload(new byte[0], contentType))
                .withMessageContaining("content type must be type/subtype");
    }

    @Test
    void aMediaTypeHasAtMost255Characters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Payload(new byte[0], "a/" + "b".repeat(254)));
        assertThat(new Payload(new byte[0], "a/" + "b".repeat(253)).size()).isZero();
    }
}
