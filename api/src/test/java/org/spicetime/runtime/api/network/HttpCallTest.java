// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.network;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpCallTest {

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "/relative", "ftp://host/x", "http:opaque"})
    void onlyAbsoluteHttpAddressesAreCalls(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpCall("GET", URI.create(address), Map.of(), null, 1))
                .withMessageContaining(address);
    }

    @Test
    void aMethodIsAWordInCapitals() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new HttpCall("GET\r\nX: y", URI.create("http://h/"), Map.of(), null, 1));
    }

    @Test
    void theLengthOfAnAnswerIsBounded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpCall("GET", URI.create("http://h/"), Map.of(), null, 0))
                .withMessageContaining("maxResponseBytes");
    }
}
