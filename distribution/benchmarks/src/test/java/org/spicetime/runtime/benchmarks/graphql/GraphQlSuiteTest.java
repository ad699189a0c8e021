// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.benchmarks.Figure;

final class GraphQlSuiteTest {
    @Test
    void partsAreAllIfNoneIsToldAndEachOnceElse() {
        assertThat(Part.of(List.of())).hasSize(12);
        assertThat(Part.of(List.of("tasks", "tasks-16", "events-5")))
                .extracting(Part::title)
                .containsExactly(
                        "100 tasks, 1 connections",
                        "100 tasks, 16 connections",
                        "100 tasks, 64 connections",
                        "events, 5 subscribers");
        for (String bad : List.of("field", "fields-0", "fields-101", "fields-", "events-1 "))
            assertThatIllegalArgumentException().isThrownBy(() -> Part.of(List.of(bad)));
    }

    @Test
    void aWindowHasItsRateItsPercentilesAndTheProcessorTimeOfEach() {
        long[] nanos = new long[200];
        for (int i = 0; i < nanos.length; i++) nanos[i] = (nanos.length - i) * 1_000L;
        assertThat(Measured.of(nanos, 1, 2, 0.1)).isEqualTo(new Measured(100, 100, 198, 500));
        assertThat(Measured.of(nanos, 10, 2, 0.1)).isEqualTo(new Measured(1000, 100, 198, 50));
    }

    @Test
    void theBudgetIsJudgedByProcessorTimeRoundByRoundAndItsMedianCounts() {
        List<String> names = List.of("host", "bare Jetty", "graphql-java");
        Part part = new Part(Part.Kind.FIELDS, 16);
        List<Figure> figures =
                GraphQlSuite.figures(names, part, List.of(row(40, 20), row(100, 20), row(30, 20)));
        assertThat(figures.getFirst().median()).isEqualTo(0.5);
        assertThat(figures.getFirst().line()).endsWith("budget at least 0.50: ok");
        assertThat(figures.stream().skip(1)).noneMatch(Figure::isShort);
        figures =
                GraphQlSuite.figures(names, part, List.of(row(41, 20), row(100, 20), row(30, 20)));
        assertThat(figures.getFirst().isShort()).isTrue();
    }

    private static List<Measured> row(double host, double bare) {
        return List.of(
                new Measured(1000, 10, 20, host),
                new Measured(1000, 10, 20, bare),
                new Measured(1000, 10, 20, 80));
    }

    @Test
    void aConnectionReadsLengthsChunksAndStreamsAndTellsOfRefusals() throws Exception {
        String answers =
                "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"data\":{\"a\":1}}"
                        + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "8\r\n{\"data\":\r\n8\r\n{\"a\":2}}\r\n0\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"errors\":[]}"
                        + "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 4\r\n\r\nslow"
                        + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n";
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Connection connection =
                        new Connection(URI.create("http://127.0.0.1:" + server.getLocalPort()));
                Socket socket = server.accept()) {
            socket.getOutputStream().write(answers.getBytes(StandardCharsets.US_ASCII));
            assertThat(connection.exchange(new byte[1]))
                    .asString()
                    .isEqualTo("{\"data\":{\"a\":1}}");
            assertThat(connection.exchange(new byte[1]))
                    .asString()
                    .isEqualTo("{\"data\":{\"a\":2}}");
            assertThat(thrown(connection)).contains("errors");
            assertThat(thrown(connection)).contains("429").contains("slow");
            connection.open(new byte[1]);
            assertThat(connection.chunk()).asString().isEqualTo("0123456789");
        }
        String event = "event: next\ndata: {\"data\":{}}\n\n";
        String refusal = "event: next\ndata: {\"errors\":[]}\n\n";
        assertThat(FanOut.events(":\n\n" + event + refusal + event)).isEqualTo(2);
    }

    @Test
    void onlyDataWithoutErrorsIsAnAnswer() {
        assertThat(isData("{\"data\":{\"a\":1}}")).isTrue();
        for (String bad :
                List.of(
                        "",
                        "{\"data\":{",
                        "{\"data\":null}",
                        "{\"errors\":[{\"message\":\"no\"}],\"data\":{\"a\":1}}",
                        "{\"data\":{\"a\":1},\"errors\":[{\"message\":\"no\"}]}"))
            assertThat(isData(bad)).as(bad).isFalse();
    }

    private static boolean isData(String answer) {
        return Json.isData(answer.getBytes(StandardCharsets.US_ASCII));
    }

    private static String thrown(Connection connection) {
        try {
            connection.exchange(new byte[1]);
            return "nothing";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void requestsAreJson() {
        assertThat(Json.request("{ a(b: \"c\") }", Map.of("p", 5, "d", "e")))
                .isEqualTo(
                        "{\"query\":\"{ a(b: \\\"c\\\") }\",\"variables\":{\"d\":\"e\",\"p\":5}}");
        assertThat(Json.ids("[{\"id\":\"x\"},{\"id\":\"y\"}]")).containsExactly("x", "y");
    }
}
