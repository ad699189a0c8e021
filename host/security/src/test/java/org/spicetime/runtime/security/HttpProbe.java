// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One HTTP request, written as it is, and its answer. */
record HttpProbe(int status, Map<String, String> headers, String body) {
    static HttpProbe send(int port, String method, String path, String... headers)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            StringBuilder request = new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, path));
            boolean upgrade = false;
            for (String header : headers) {
                request.append(header).append("\r\n");
                upgrade |= header.startsWith("Upgrade:");
            }
            request.append("Connection: close%s\r\n\r\n".formatted(upgrade ? ", Upgrade" : ""));
            socket.getOutputStream()
                    .write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            String[] lines = answer.substring(0, end).split("\r\n");
            Map<String, String> found = new LinkedHashMap<>();
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(':');
                found.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
            return new HttpProbe(
                    Integer.parseInt(lines[0].split(" ")[1]), found, answer.substring(end + 4));
        }
    }
}
