// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Engine;

/** The schema served now, as text, for whoever may be told it. Thread-safe. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/schema.graphqls")
public final class SchemaServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient Engine engine;
    private final transient AtomicReference<@Nullable Text> last = new AtomicReference<>();

    @Activate
    public SchemaServlet(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = HttpEndpoint.callerOf(request);
        if (caller == null) {
            Reply.empty(401).with("WWW-Authenticate", "Bearer").send(response);
        } else if (!engine.tellsSchema(caller)) {
            Reply.empty(403).send(response);
        } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            Reply.empty(405).with("Allow", "GET, HEAD").send(response);
        } else {
            Text text = text();
            Reply.bytes("text/plain;charset=utf-8", text.bytes())
                    .cacheable(request, text.hash())
                    .send(response);
        }
    }

    private Text text() {
        Text known = last.get();
        String hash = engine.sdlHash();
        if (known != null && known.hash().equals(hash)) return known;
        // Should the schema change between the two, what is kept is not found by the next hash.
        Text made = new Text(hash, engine.sdl().getBytes(StandardCharsets.UTF_8));
        if (engine.sdlHash().equals(hash)) last.set(made);
        return made;
    }

    @SuppressWarnings("ArrayRecordComponent") // never changed
    private record Text(String hash, byte[] bytes) {}
}
