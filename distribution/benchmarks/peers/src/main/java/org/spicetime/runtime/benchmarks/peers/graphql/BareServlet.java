// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers.graphql;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a request and sends bytes it has, by the path: what HTTP alone costs. The mutation also
 * sends an event to all streams. Thread-safe.
 */
@SuppressWarnings("serial")
final class BareServlet extends HttpServlet {
    private final byte[] fields;
    private final byte[] tasks;
    private final byte[] mutation;
    private final byte[] event;
    private final List<EventResponse> streams = new ArrayList<>();

    BareServlet(Path answers) throws IOException {
        fields = Files.readAllBytes(answers.resolve("fields"));
        tasks = Files.readAllBytes(answers.resolve("tasks"));
        mutation = Files.readAllBytes(answers.resolve("mutation"));
        event = Files.readAllBytes(answers.resolve("events"));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        request.getInputStream().readAllBytes();
        switch (request.getServletPath()) {
            case "/fields" -> send(fields, response);
            case "/tasks" -> send(tasks, response);
            case "/mutation" -> {
                send(mutation, response);
                synchronized (streams) {
                    streams.removeIf(stream -> !stream.send(event));
                }
            }
            case "/events" -> {
                EventResponse stream = new EventResponse(request, response);
                synchronized (streams) {
                    if (stream.send(event)) streams.add(stream);
                }
            }
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private static void send(byte[] body, HttpServletResponse response) throws IOException {
        response.setContentType("application/json;charset=utf-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
