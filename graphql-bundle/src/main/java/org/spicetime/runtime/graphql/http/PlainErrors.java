// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty answers by itself, such as to a request that it cannot read or that nobody serves: the
 * status in words, and nothing of what was sent. Thread-safe.
 */
final class PlainErrors implements Request.Handler {
    private static final HttpField TYPE =
            new HttpField(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");

    private final Server server;
    private final ServletContextHandler context;
    private final Request.@Nullable Handler serverBefore;
    private final Request.@Nullable Handler contextBefore;

    private PlainErrors(ServletContextHandler context, Server server) {
        this.server = server;
        this.context = context;
        serverBefore = server.getErrorHandler();
        contextBefore = context.getErrorHandler();
        server.setErrorHandler(this);
        context.setErrorHandler(this);
    }

    /** Answers in place of Jetty's pages. */
    static PlainErrors install(ServletContextHandler context) {
        return new PlainErrors(context, context.getServer());
    }

    /** Jetty's own pages are back. */
    @SuppressWarnings("NullAway") // as they were
    void remove() {
        if (server.getErrorHandler() == this) server.setErrorHandler(serverBefore);
        if (context.getErrorHandler() == this) context.setErrorHandler(contextBefore);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(TYPE);
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        String body = HttpStatus.hasNoBody(status) ? "" : text(status);
        headers.put(HttpHeader.CONTENT_LENGTH, body.length());
        if (HttpMethod.HEAD.is(request.getMethod())) {
            response.write(true, null, callback);
        } else {
            Content.Sink.write(response, true, body, callback);
        }
        return true;
    }

    private static String text(int status) {
        return "%d %s\n".formatted(status, HttpStatus.getMessage(status));
    }
}
