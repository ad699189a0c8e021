// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.network.NetworkConfig;
import org.spicetime.runtime.api.network.RetryPolicy;

/** Servers and networks that are closed after each test. */
@Timeout(60)
abstract class NetworkFixture {

    static final Duration NONE = Duration.ZERO;

    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : toClose.reversed()) {
            each.close();
        }
    }

    final <T extends AutoCloseable> T closing(T resource) {
        toClose.add(resource);
        return resource;
    }

    static NetworkConfig config(int connections, Duration timeout) {
        return new NetworkConfig(connections, timeout, RetryPolicy.NEVER, false);
    }

    static DomainNetwork.Grant connections(int most) {
        return new DomainNetwork.Grant(OptionalInt.of(most), OptionalDouble.empty());
    }

    static DomainNetwork.Grant bandwidth(double bytesPerSecond) {
        return new DomainNetwork.Grant(OptionalInt.empty(), OptionalDouble.of(bytesPerSecond));
    }

    final DomainNetwork network(NetworkConfig config) {
        return closing(new DomainNetwork(DomainId.of("test"), config, DomainNetwork.Grant.NONE));
    }

    final Loopback server(Loopback.Answer answer) throws IOException {
        return closing(new Loopback(answer));
    }

    static Loopback.Answer text(String body) {
        return exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=utf-8");
            Loopback.reply(exchange, 200, body.getBytes(UTF_8));
        };
    }
}
