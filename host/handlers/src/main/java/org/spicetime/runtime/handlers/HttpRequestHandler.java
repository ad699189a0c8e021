// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.handlers;

import java.io.IOException;
import java.net.URI;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.network.HttpCall;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkException;
import org.spicetime.runtime.api.task.TaskType;

/**
 * NETWORK: one HTTP request within the domain's network limits. Without an address it asks this
 * host whether it is alive, over its own socket. Thread-safe.
 */
@Component(service = TaskHandler.class)
public final class HttpRequestHandler
        implements TaskHandler<HttpRequestHandler.Request, HttpRequestHandler.Result> {

    private static final HandlerDescriptor<Request, Result> DESCRIPTOR =
            new HandlerDescriptor<>(
                    "http.request",
                    "1.0.0",
                    "One HTTP request within the domain's network limits.",
                    Request.class,
                    Result.class,
                    Set.of(TaskType.NETWORK));

    private static final String ENDPOINT = "osgi.http.endpoint";

    private final ServiceReference<HttpServiceRuntime> server;

    /** Beside the host's own HTTP server. */
    @Activate
    public HttpRequestHandler(@Reference ServiceReference<HttpServiceRuntime> server) {
        this.server = server;
    }

    /** What to ask. */
    public record Request(
            @PayloadField("Absolute http or https address; none: this host's /livez.")
                    @Nullable String url,
            @PayloadField(
                            value = "Method in capital letters.",
                            defaultJson = "\"GET\"",
                            minimum = 1,
                            maximum = 16)
                    String method,
            @PayloadField(value = "Header fields to send.", defaultJson = "{}")
                    Map<String, String> headers,
            @PayloadField("Body to send, as UTF-8 text.") @Nullable String body,
            @PayloadField(
                            value = "Content type of the body.",
                            defaultJson = "\"text/plain; charset=utf-8\"")
                    String contentType,
            @PayloadField(
                            value = "Longest answer accepted, in bytes.",
                            defaultJson = "1048576",
                            minimum = 1,
                            maximum = 268_435_456)
                    int maxResponseBytes,
            @PayloadField(
                            value = "Whether an answer of status 400 or more fails the task.",
                            defaultJson = "true")
                    boolean failOnStatus) {
        public Request {
            headers = Map.copyOf(headers);
            if (url != null)
                call(URI.create(url), method, headers, body, contentType, maxResponseBytes);
        }

        HttpCall to(URI address) {
            return call(address, method, headers, body, contentType, maxResponseBytes);
        }

        private static HttpCall call(
                URI address,
                String method,
                Map<String, String> headers,
                @Nullable String body,
                String contentType,
                int maxResponseBytes) {
            Payload payload =
                    body == null
                            ? null
                            : new Payload(
                                    body.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                    contentType);
            return new HttpCall(method, address, headers, payload, maxResponseBytes);
        }
    }

    /** What was answered. */
    public record Result(
            @PayloadField("HTTP status.") int status,
            @PayloadField("Content type of the answer.") String contentType,
            @PayloadField("Bytes of the answer, decoded.") long bytes,
            @PayloadField("SHA-256 of the answer, in hexadecimal.") String sha256,
            @PayloadField("Milliseconds from sending until the whole answer was there.")
                    double roundTripMillis) {}

    @Override
    public HandlerDescriptor<Request, Result> descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Result run(Request request, TaskContext context)
            throws IOException, NetworkException, InterruptedException {
        URI address = request.url() == null ? ownLiveness() : URI.create(request.url());
        HttpReply reply = context.network().exchange(request.to(address));
        context.checkpoint();
        if (request.failOnStatus() && reply.status() >= 400) {
            throw new IOException(address + " answered status " + reply.status());
        }
        byte[] body = reply.body().bytes();
        return new Result(
                reply.status(),
                reply.body().contentType(),
                body.length,
                HexFormat.of().formatHex(Digests.of("SHA-256").digest(body)),
                reply.roundTrip().toNanos() / 1e6);
    }

    private URI ownLiveness() throws IOException {
        Object endpoints = server.getProperty(ENDPOINT);
        String first =
                switch (endpoints) {
                    case String one -> one;
                    case String[] several when several.length > 0 -> several[0];
                    case java.util.Collection<?> several when !several.isEmpty() ->
                            String.valueOf(several.iterator().next());
                    case null, default ->
                            throw new IOException("this host has no HTTP endpoint; give a url");
                };
        return URI.create(first).resolve("/livez");
    }
}
