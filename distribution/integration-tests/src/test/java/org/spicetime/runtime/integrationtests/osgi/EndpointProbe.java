// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * The GraphQL endpoint of the framework, over its real port. Answers are texts, since the framework
 * holds no JSON library for tests. Called by one thread at a time.
 */
final class EndpointProbe implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI host;
    private final String token;

    EndpointProbe(BundleContext context) throws IOException {
        ServiceReference<?> runtime =
                context.getServiceReference("org.osgi.service.servlet.runtime.HttpServiceRuntime");
        String[] addresses = (String[]) runtime.getProperty("osgi.http.endpoint");
        host = URI.create(addresses[0]);
        token =
                Files.readString(
                                Path.of(
                                        context.getProperty("spicetime.instance"),
                                        "secrets/admin.token"))
                        .strip();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** The body of the answer to a document without variables. */
    String query(String document) throws IOException, InterruptedException {
        return send(
                request("/graphql")
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"query\":" + quoted(document) + "}")));
    }

    /** The schema that is served now. */
    String schema() throws IOException, InterruptedException {
        return send(request("/schema.graphqls"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(host.resolve(path))
                .header("Authorization", "Bearer " + token);
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    /** A socket that is ready for operations. */
    Socket socket() throws InterruptedException {
        Frames frames = new Frames();
        WebSocket socket =
                http.newWebSocketBuilder()
                        .subprotocols("graphql-transport-ws")
                        .header("Authorization", "Bearer " + token)
                        .buildAsync(
                                URI.create("ws" + host.resolve("/graphql").toString().substring(4)),
                                frames)
                        .join();
        socket.sendText("{\"type\":\"connection_init\"}", true).join();
        Socket opened = new Socket(socket, frames);
        assertThat(opened.next()).contains("connection_ack");
        return opened;
    }

    @Override
    public void close() {
        http.close();
    }

    /** Operations over {@code graphql-transport-ws}. */
    static final class Socket implements AutoCloseable {
        private final WebSocket socket;
        private final Frames frames;

        private Socket(WebSocket socket, Frames frames) {
            this.socket = socket;
            this.frames = frames;
        }

        void subscribe(String id, String document) {
            socket.sendText(
                            "{\"id\":%s,\"type\":\"subscribe\",\"payload\":{\"query\":%s}}"
                                    .formatted(quoted(id), quoted(document)),
                            true)
                    .join();
        }

        /** The next frame but pings, which are answered. */
        String next() throws InterruptedException {
            String frame = frames.queue.poll(DomainProbe.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(frame).as("a frame within " + DomainProbe.LIMIT).isNotNull();
            return frame;
        }

        /** What came and was not taken. */
        int waiting() {
            return frames.queue.size();
        }

        @Override
        public void close() {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        }
    }

    private static final class Frames implements WebSocket.Listener {
        private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence part, boolean last) {
            message.append(part);
            CompletionStage<?> answered = null;
            if (last) {
                String frame = message.toString();
                message.setLength(0);
                if (frame.contains("\"type\":\"ping\"")) {
                    answered = socket.sendText("{\"type\":\"pong\"}", true);
                } else {
                    queue.add(frame);
                }
            }
            socket.request(1);
            return answered;
        }
    }
}
