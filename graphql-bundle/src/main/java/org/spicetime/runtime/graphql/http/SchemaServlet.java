// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.spicetime.runtime.graphql.engine.Engine;

/** The schema served now, as text, for whoever is signed in. Thread-safe. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/schema.graphqls")
public final class SchemaServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient Engine engine;

    @Activate
    public SchemaServlet(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (HttpEndpoint.callerOf(request) == null) {
            Reply.empty(401).with("WWW-Authenticate", "Bearer").send(response);
        } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            Reply.empty(405).with("Allow", "GET, HEAD").send(response);
        } else {
            Reply.text("text/plain;charset=utf-8", engine.sdl()).cacheable(request).send(response);
        }
    }
}
