// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.network.HttpCall;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkClient;
import org.spicetime.runtime.testkit.handler.AttemptContext;

class HttpRequestHandlerTest {

    private final List<HttpCall> calls = new ArrayList<>();
    private final AttemptContext context = new AttemptContext();
    private final HttpRequestHandler handler =
            new HttpRequestHandler(serverWith(new String[] {"http://127.0.0.1:4711/"}));

    @AfterEach
    void releaseTheArena() {
        context.close();
    }

    @Test
    void withoutAnAddressTheHostAsksItselfWhetherItIsAlive() throws Exception {
        var result = handler.run(request(null), context.withNetwork(answering(200)));

        assertThat(calls.getFirst().uri()).isEqualTo(URI.create("http://127.0.0.1:4711/livez"));
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.bytes()).isEqualTo(3);
        assertThat(result.roundTripMillis()).isEqualTo(7.0);
    }

    @Test
    void anAnswerOfStatus400OrMoreFailsTheTask() {
        assertThatThrownBy(() ->
                        handler.run(
                                request("http://127.0.0.1:1/x"),
                                context.withNetwork(answering(404))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("404");
    }

    @Test
    void anAddressThatIsNotHttpIsRefused() {
        assertThatThrownBy(() -> request("file:///etc/passwd"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http or https");
    }

    private NetworkClient answering(int status) {
        return call -> {
            calls.add(call);
            return new HttpReply(
                    status,
                    Map.of(),
                    new Payload(new byte[] {1, 2, 3}, "x/y"),
                    Duration.ofMillis(7));
        };
    }

    private static HttpRequestHandler.Request request(@Nullable String url) {
        return new HttpRequestHandler.Request(url, "GET", Map.of(), null, "text/plain", 1024, true);
    }

    /** A reference that answers one property: the framework is the third party here. */
    @SuppressWarnings("unchecked")
    private static ServiceReference<HttpServiceRuntime> serverWith(String[] endpoints) {
        return (ServiceReference<HttpServiceRuntime>)
                Proxy.newProxyInstance(
                        HttpRequestHandlerTest.class.getClassLoader(),
                        new Class<?>[] {ServiceReference.class},
                        (_, method, arguments) ->
                                method.getName().equals("getProperty")
                                                && "osgi.http.endpoint".equals(arguments[0])
                                        ? endpoints
                                        : null);
    }
}
