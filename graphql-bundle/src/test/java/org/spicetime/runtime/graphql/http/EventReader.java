// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The lines of a response that stays open. Called by one thread. */
final class EventReader {
    private final BufferedReader lines;

    EventReader(Socket socket) throws IOException {
        lines =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** All lines up to this one. */
    String upTo(String wanted) throws IOException {
        StringBuilder read = new StringBuilder();
        for (String line; (line = lines.readLine()) != null; ) {
            read.append(line).append('\n');
            if (line.equals(wanted)) return read.toString();
        }
        throw new AssertionError("no " + wanted + " in " + read);
    }

    /** All up to this text, in lines. */
    String upToText(String wanted) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.length() < wanted.length()
                || !read.substring(read.length() - wanted.length()).equals(wanted)) {
            int next = lines.read();
            if (next < 0) throw new AssertionError("no " + wanted + " in " + read);
            if (next != '\r') read.append((char) next);
        }
        return read.toString();
    }

    /** All lines to the end. */
    String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        for (String line; (line = lines.readLine()) != null; ) rest.append(line).append('\n');
        return rest.toString();
    }
}
