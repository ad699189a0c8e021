// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Connections beyond the limits are closed, over real sockets. */
@Timeout(60)
class ServerGuardTest {
    private static final Duration HEAD = Duration.ofSeconds(20);
    private static final String REQUEST = "GET /secret HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final AtomicLong nanos = new AtomicLong();
    private volatile ConnectionLimits limits = new ConnectionLimits(100, 3, HEAD);
    private final SeldomLog log =
            new SeldomLog(LoggerFactory.getLogger(ServerGuardTest.class), nanos::get);
    private final SlowHeads heads = new SlowHeads(() -> limits, nanos::get, log);
    private final OpenConnections connections = new OpenConnections(() -> limits, log);
    private final Server server = new Server();
    private ServerConnector connector;

    @BeforeEach
    void start() throws Exception {
        connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(
                new Handler.Abstract() {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) {
                        String path = Request.getPathInContext(request);
                        if (path.equals("/none")) return false;
                        if (path.equals("/all")) {
                            Content.Source.consumeAll(
                                    request,
                                    Callback.from(
                                            () ->
                                                    Content.Sink.write(
                                                            response, true, "well", callback),
                                            callback::failed));
                            return true;
                        }
                        Content.Sink.write(response, true, "well", callback);
                        return true;
                    }
                });
        server.start();
        connector.getSelectorManager().addEventListener(connections);
        HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
        http.addEventListener(heads);
        http.getHttpConfiguration().addCustomizer(heads);
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static String answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().endsWith("\r\n\r\nwell")) {
            int next = in.read();
            assertThat(next).as("%s", seen).isNotNegative();
            seen.append((char) next);
        }
        return seen.toString();
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) LockSupport.parkNanos(500_000);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        heads.look();
    }

    @Test
    void aHeadThatComesByteByByteIsCutAndItsNeighbourIsNot() throws Exception {
        try (Socket slow = connect();
                Socket usual = connect()) {
            until(() -> heads.count() == 2);
            for (char one : "GET / HTTP/1.1\r\nHo".toCharArray()) {
                send(slow, String.valueOf(one));
                pass(Duration.ofSeconds(1));
            }
            send(usual, REQUEST);
            assertThat(answer(usual)).startsWith("HTTP/1.1 200");
            pass(Duration.ofSeconds(3));
            assertThat(isClosed(slow)).isTrue();
            pass(Duration.ofHours(1));
            send(usual, REQUEST);
            assertThat(answer(usual)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aLaterHeadHasItsTimeFromItsFirstByteOn() throws Exception {
        try (Socket socket = connect()) {
            until(() -> heads.count() == 1);
            send(socket, REQUEST);
            answer(socket);
            pass(Duration.ofMinutes(5));
            send(socket, "GET / HTTP");
            until(() ->
                    connector.getConnectedEndPoints().stream()
                            .allMatch(point ->
                                    point.getConnection().getBytesIn() > REQUEST.length()));
            pass(Duration.ofSeconds(1));
            pass(HEAD);
            send(socket, "/1.1\r\n");
            pass(Duration.ofMillis(1));
            assertThat(isClosed(socket)).isTrue();
        }
    }

    @Test
    void aBodyMayTakeItsTime() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "POST /all HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n");
            until(() -> bytesIn() > 0);
            for (int i = 0; i < 20; i++) {
                pass(Duration.ofSeconds(10));
                long before = bytesIn();
                send(socket, "x");
                if (i < 19) until(() -> bytesIn() > before);
            }
            assertThat(answer(socket)).startsWith("HTTP/1.1 200");
        }
    }

    private long bytesIn() {
        return connector.getConnectedEndPoints().stream()
                .mapToLong(point -> point.getConnection().getBytesIn())
                .sum();
    }

    @Test
    void thereIsALimitForAllTogether() throws Exception {
        limits = new ConnectionLimits(1, 3, HEAD);
        try (Socket one = connect()) {
            send(one, REQUEST);
            answer(one);
            try (Socket two = connect()) {
                assertThat(isClosed(two)).isTrue();
            }
            send(one, REQUEST);
            assertThat(answer(one)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void oneAddressHasItsShareAndRoomComesBack() throws Exception {
        try (Socket one = connect();
                Socket two = connect()) {
            try (Socket three = connect()) {
                for (Socket socket : new Socket[] {one, two, three}) {
                    send(socket, REQUEST);
                    answer(socket);
                }
                try (Socket four = connect()) {
                    assertThat(isClosed(four)).isTrue();
                }
                until(() -> connections.count() == 3);
            }
            until(() -> connections.count() == 2);
            try (Socket next = connect()) {
                send(next, REQUEST);
                assertThat(answer(next)).startsWith("HTTP/1.1 200");
            }
        }
        until(() -> connections.count() == 0);
    }

    @Test
    void anIpv6NetworkCountsAsOneAddress() throws Exception {
        InetAddress one = InetAddress.getByName("2001:db8:1:2::1");
        InetAddress neighbour = InetAddress.getByName("2001:db8:1:2:ffff::9");
        InetAddress other = InetAddress.getByName("2001:db8:1:3::1");
        assertThat(OpenConnections.source(one))
                .isEqualTo(OpenConnections.source(neighbour))
                .isNotEqualTo(OpenConnections.source(other));
        assertThat(OpenConnections.source(Inet4Address.getByName("10.0.0.1")))
                .isNotEqualTo(OpenConnections.source(Inet4Address.getByName("10.0.0.2")));
    }

    @Test
    void whatJettyAnswersByItselfIsItsStatusAndNothingOfTheRequest() throws Exception {
        Runnable undo = PlainErrors.install(server);
        assertThat(exchange("GET /none?secret HTTP/1.1\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 404")
                .endsWith("\r\n\r\n404 Not Found\n");
        assertThat(exchange("GET /secret secret HTTP/1.1\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 400")
                .endsWith("\r\n\r\n400 Bad Request\n");
        String head = exchange("HEAD /none?secret HTTP/1.1\r\nHost: localhost\r\n");
        assertThat(head).startsWith("HTTP/1.1 404").endsWith("\r\n\r\n");
        undo.run();
        assertThat(exchange("GET /none HTTP/1.1\r\nHost: localhost\r\n")).contains("text/html");
    }

    private String exchange(String head) throws IOException {
        try (Socket socket = connect()) {
            send(socket, head + "Connection: close\r\n\r\n");
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).doesNotContain("secret");
            return answer;
        }
    }

    @Test
    void settingsAreTakenWithinTheirRanges() {
        assertThat(ConnectionLimits.within(5, 0, 0, 1024))
                .isEqualTo(new ConnectionLimits(16, 1, Duration.ofSeconds(1)));
        assertThat(ConnectionLimits.within(10_000, 2_500, 20, 1024))
                .as("half of the files that may be open")
                .isEqualTo(new ConnectionLimits(512, 2_500, HEAD));
    }
}
