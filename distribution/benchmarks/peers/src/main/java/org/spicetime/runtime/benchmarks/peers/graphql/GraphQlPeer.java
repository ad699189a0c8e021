// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers.graphql;

import jakarta.servlet.http.HttpServlet;
import java.io.OutputStream;
import java.nio.file.Path;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Serves one peer until its standard input ends. Arguments: {@code bare} or {@code graphql-java},
 * and the folder of what the host answered.
 */
public final class GraphQlPeer {
    private GraphQlPeer() {}

    /** Serves. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2)
            throw new IllegalArgumentException("wanted: bare|graphql-java folder");
        Path answers = Path.of(arguments[1]);
        HttpServlet servlet =
                switch (arguments[0]) {
                    case "bare" -> new BareServlet(answers);
                    case "graphql-java" -> new PlainServlet(answers);
                    default ->
                            throw new IllegalArgumentException("there is no peer " + arguments[0]);
                };
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/");
        server.setHandler(context);
        server.start();
        System.out.println("peer ready at http://127.0.0.1:" + connector.getLocalPort());
        // Ends with whoever started it.
        System.in.transferTo(OutputStream.nullOutputStream());
        server.stop();
        System.exit(0);
    }
}
