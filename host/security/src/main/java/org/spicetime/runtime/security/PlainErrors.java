// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty answers by itself, such as to a request that it cannot read or that nobody serves: the
 * status in words, and nothing of what was sent. Thread-safe.
 */
final class PlainErrors implements Request.Handler {
    private static final HttpField TYPE =
            new HttpField(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");

    private PlainErrors() {}

    /**
     * Answers in place of the pages of a server and of its contexts.
     *
     * @return puts back what answered before
     */
    static Runnable install(Server server) {
        PlainErrors plain = new PlainErrors();
        List<Runnable> before = new ArrayList<>();
        Request.Handler ofServer = server.getErrorHandler();
        server.setErrorHandler(plain);
        before.add(() -> {
            if (server.getErrorHandler() == plain) server.setErrorHandler(ofServer);
        });
        for (ContextHandler context : server.getDescendants(ContextHandler.class)) {
            Request.Handler ofContext = context.getErrorHandler();
            context.setErrorHandler(plain);
            before.add(() -> {
                if (context.getErrorHandler() == plain) context.setErrorHandler(ofContext);
            });
        }
        return () -> before.forEach(Runnable::run);
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
