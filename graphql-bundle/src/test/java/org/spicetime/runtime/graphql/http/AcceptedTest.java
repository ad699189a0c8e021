// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AcceptedTest {
    private final Accepted accepted =
            new Accepted(EnumSet.of(ResponseType.JSON, ResponseType.EVENT_STREAM));

    @Test
    void aHeaderIsReadOnce() {
        Accepted.Choice first = accepted.of(request("text/event-stream"));

        assertThat(first.type()).contains(ResponseType.EVENT_STREAM);
        assertThat(first.document()).isEqualTo(ResponseType.JSON);
        assertThat(accepted.of(request("text/event-stream"))).isSameAs(first);
        assertThat(accepted.of(request("text/html")).type()).isEmpty();
        assertThat(accepted.of(request()).type()).isEqualTo(Optional.of(ResponseType.JSON));
    }

    @Test
    void severalHeadersAreOneList() {
        assertThat(accepted.of(request("text/html", "text/event-stream")).type())
                .contains(ResponseType.EVENT_STREAM);
        assertThat(accepted.of(request("text/html")).type()).isEmpty();
    }

    @Test
    void strangersDoNotFillTheMemory() {
        for (int i = 0; i < 10 * Accepted.KEPT; i++) {
            assertThat(accepted.of(request("x/y" + i + ", application/json")).type())
                    .contains(ResponseType.JSON);
            assertThat(accepted.kept()).isLessThanOrEqualTo(Accepted.KEPT);
        }
        int before = accepted.kept();
        assertThat(accepted.of(request("application/json" + " ".repeat(1000))).type())
                .contains(ResponseType.JSON);
        assertThat(accepted.kept()).isEqualTo(before);
    }

    private static HttpServletRequest request(String... accept) {
        return (HttpServletRequest)
                Proxy.newProxyInstance(
                        AcceptedTest.class.getClassLoader(),
                        new Class<?>[] {HttpServletRequest.class},
                        (_, method, _) -> {
                            assertThat(method.getName()).isEqualTo("getHeaders");
                            return Collections.enumeration(List.of(accept));
                        });
    }
}
