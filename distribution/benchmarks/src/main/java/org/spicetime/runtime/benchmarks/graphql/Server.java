// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.graphql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that answers requests. Thread-safe. */
final class Server implements AutoCloseable {
    private static final String READY = "ready at ";
    private static final long PATIENCE_SECONDS = 60;

    /** Like the host, so that collectors are not what differs. */
    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-Xms48m");

    /** More than any load here changes, so that what is measured is the work and not refusals. */
    private static final String RATES =
            """
            mutationsPerSecond=I"1000000"
            mutationBurst=I"1000000"
            tasksPerSecond=I"1000000"
            """;

    private final String name;
    private final Process process;
    private final URI uri;
    private final String token;
    private final boolean pathIsPart;

    private Server(String name, Process process, URI uri, String token, boolean pathIsPart) {
        this.name = name;
        this.process = process;
        this.uri = uri;
        this.token = token;
        this.pathIsPart = pathIsPart;
        // For a run that is broken off; otherwise it has ended by then.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-" + name));
    }

    /** The host as it is shipped but for the rates, on an empty instance directory. */
    static Server host(Path launcher, Path data) throws IOException {
        Path settings = Files.createDirectories(data.resolve("etc"));
        Files.writeString(
                settings.resolve("org.spicetime.runtime.graphql.engine.EngineComponent.config"),
                RATES);
        Process process =
                start(
                        List.of(launcher.toString(), "run", "--port", "0", "--data", "" + data),
                        data.resolve("stderr"));
        try {
            URI uri = ready(process, data.resolve("stderr"));
            String token = Files.readString(data.resolve("secrets/admin.token")).trim();
            return new Server("host", process, uri, token, false);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /**
     * One of the peers.
     *
     * @param main its class
     * @param kind argument of the class; empty: it has none
     * @param answers folder of what the host answered, the last argument
     */
    static Server peer(String name, String classPath, String main, String kind, Path answers)
            throws IOException {
        Path errors = answers.resolve(name + ".stderr");
        List<String> command =
                Stream.of(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString()),
                                OPTIONS,
                                List.of("-cp", classPath, main),
                                kind.isEmpty() ? List.<String>of() : List.of(kind),
                                List.of(answers.toString()))
                        .flatMap(List::stream)
                        .toList();
        Process process = start(command, errors);
        try {
            return new Server(name, process, ready(process, errors), "none", kind.equals("bare"));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static Process start(List<String> command, Path errors) throws IOException {
        return new ProcessBuilder(command).redirectError(errors.toFile()).start();
    }

    private static URI ready(Process process, Path errors) throws IOException {
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int at = line.indexOf(READY);
            if (at >= 0) return URI.create(line.substring(at + READY.length()).trim());
        }
        throw new IOException("a server did not start: " + Files.readString(errors));
    }

    String name() {
        return name;
    }

    URI uri() {
        return uri;
    }

    /** A request as it goes over the wire. */
    byte[] request(Part.Kind kind, String query, Map<String, Object> variables) {
        byte[] body = Json.request(query, variables).getBytes(StandardCharsets.UTF_8);
        String head =
                "POST "
                        + (pathIsPart ? "/" + kind.word() : "/graphql")
                        + " HTTP/1.1\r\nHost: "
                        + uri.getAuthority()
                        + "\r\nAuthorization: Bearer "
                        + token
                        + "\r\nContent-Type: application/json\r\nAccept: "
                        + (kind == Part.Kind.EVENTS ? "text/event-stream" : "application/json")
                        + "\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        return whole;
    }

    /** Time on a processor so far, in seconds; the system counts in hundredths. */
    double processorSeconds() {
        return process.toHandle().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
