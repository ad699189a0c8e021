// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;

/** The token of a host is replaced while it runs, and is in none of its files. */
@SuppressWarnings("NullAway.Init")
class SignedInDistributionIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String STATUS =
            "subscription { domainStatusChanged(domainId: \"content-processing\") }";
    private static final String EVENTS =
            "GET /graphql?query=subscription%7BdomainStatusChanged(domainId%3A%22content-processing%22)%7D"
                    + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\n"
                    + "Accept: text/event-stream\r\nConnection: close\r\n\r\n";

    private static HostProcess host;

    @BeforeAll
    static void start() throws IOException {
        host = HostProcess.start(Installation.assembled(), HostProcess.freshData("signed-in"));
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static Path tokenFile() {
        return host.data().resolve("secrets/admin.token");
    }

    private static int status(String token) {
        try (GraphQl client = new GraphQl(host.url(), token)) {
            return client.send("{ viewer { name } }", Map.of()).status();
        }
    }

    private static String exchange(String method, String headers) throws IOException {
        return RawHttp.exchange(
                host.url(),
                method
                        + " /graphql HTTP/1.1\r\nHost: localhost:"
                        + host.url().getPort()
                        + "\r\nConnection: close\r\n"
                        + headers
                        + "\r\n");
    }

    private static String readUpTo(InputStream in, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            int next = in.read();
            if (next < 0) throw new AssertionError("the stream ended: " + seen);
            seen.append((char) next);
        }
        return seen.toString();
    }

    @Test
    void whoeverCameWithATokenThatIsReplacedIsLetGo() throws Exception {
        String first = host.token();
        try (GraphQl client = new GraphQl(host.url(), first);
                Subscription socket = client.subscribe(STATUS, Map.of());
                Socket reader = new Socket(host.url().getHost(), host.url().getPort())) {
            assertThat(socket.next().path("domainStatusChanged").asText()).isEqualTo("RUNNING");
            reader.setSoTimeout((int) LIMIT.toMillis());
            reader.getOutputStream()
                    .write(EVENTS.replace("TOKEN", first).getBytes(StandardCharsets.US_ASCII));
            InputStream events = reader.getInputStream();
            String seen = readUpTo(events, "RUNNING");
            assertThat(seen).startsWith("HTTP/1.1 200");
            String second = "drt_" + "B".repeat(43);
            Path half = tokenFile().resolveSibling("new");
            Files.writeString(half, second + "\n");
            Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rw-------"));
            Files.move(half, tokenFile(), StandardCopyOption.ATOMIC_MOVE);

            assertThat(socket.awaitClosed()).isEqualTo(4403);
            assertThat(new String(events.readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotContain("event: complete");
            assertThat(status(first)).isEqualTo(401);
            assertThat(status(second)).isEqualTo(200);

            Files.delete(tokenFile());
            await("a new token").atMost(LIMIT).until(() -> Files.exists(tokenFile()));
            String third = host.token();
            assertThat(third).isNotIn(first, second);
            await("the new token holds").atMost(LIMIT).until(() -> status(third) == 200);
            assertThat(status(second)).isEqualTo(401);
        }
        assertThat(Files.readString(host.data().resolve("log/host.log")))
                .contains("the administrator's token was replaced")
                .doesNotContain(first);
    }

    @Test
    void theTokenIsInNoFileThoughTheWebServerLogsAllItReads() throws Exception {
        String token = host.token();
        String basic =
                Base64.getEncoder()
                        .encodeToString(("admin:" + token).getBytes(StandardCharsets.UTF_8));
        String level =
                "mutation($level: LogLevel) { setLogLevel(logger: \"org.eclipse.jetty\", level: $level) }";
        try (GraphQl client = new GraphQl(host.url(), token)) {
            client.data(level, Map.of("level", "DEBUG"));
            exchange("GET", "Authorization: Bearer " + token + "\r\n");
            exchange("GET", "Authorization: Basic " + basic + "\r\n");
            exchange("GET", "Cookie: token=" + token + "\r\n");
            try (Subscription socket = client.subscribe(STATUS, Map.of())) {
                assertThat(socket.next().path("domainStatusChanged").asText()).isEqualTo("RUNNING");
            }
            client.data(level, Map.of("level", "WARN"));
            assertThat(client.data("{ logs(first: 1000) { message stackTrace } }").toString())
                    .doesNotContain(token, basic);
        }
        StringBuilder written = new StringBuilder(host.log());
        try (Stream<Path> files = Files.list(host.data().resolve("log"))) {
            for (Path file : files.toList()) written.append(Files.readString(file));
        }
        assertThat(written)
                .contains("Authorization: Bearer [redacted]", "Authorization: Basic [redacted]")
                .doesNotContain(token, basic);
    }
}
