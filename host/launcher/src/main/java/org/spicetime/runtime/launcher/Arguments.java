// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line asks for. Immutable.
 *
 * @param help print {@link #USAGE} and do nothing else
 * @param shell also run a shell in the terminal
 * @param data the instance directory; absent: {@code data} of the installation
 * @param properties settings that win over every {@code etc/host.properties}
 */
record Arguments(boolean help, boolean shell, Optional<Path> data, Map<String, String> properties) {

    static final String USAGE =
            """
            Usage: domain-runtime run [--port N] [--data DIR] [--host ADDRESS] [--shell] [-Dname=value ...]
              --port N        HTTP port, 0 to 65535; 0 takes any free one (default 8080)
              --data DIR      instance directory, which holds everything that changes (default: data/ of the installation)
              --host ADDRESS  address to listen on (default 127.0.0.1)
              --shell         also run a shell in this terminal, with every right; leaving it stops the host
              -Dname=value    a setting of etc/host.properties, for this start only
              --help          this text\
            """;

    static final String PORT = "org.osgi.service.http.port";
    static final String HOST = "org.apache.felix.http.host";

    Arguments {
        properties = Map.copyOf(properties);
    }

    static Arguments parse(List<String> words) throws StartRefusedException {
        if (words.contains("--help") || words.contains("-h")) {
            return new Arguments(true, false, Optional.empty(), Map.of());
        }
        if (words.isEmpty() || !words.getFirst().equals("run")) {
            String first = words.isEmpty() ? "nothing" : "\"" + words.getFirst() + "\"";
            throw StartRefusedException.usage(
                    "the first word must be run, was " + first + "; --help tells more.");
        }
        Map<String, String> options = new HashMap<>();
        Map<String, String> properties = new HashMap<>();
        boolean shell = false;
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("-D")) {
                addProperty(word, properties);
                continue;
            }
            if (word.equals("--shell")) {
                shell = true;
                continue;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!List.of("--port", "--data", "--host").contains(name)) {
                throw StartRefusedException.usage(
                        "unknown option \""
                                + word
                                + "\"; known are --port, --data, --host, --shell, -Dname=value and --help.");
            }
            if (equals < 0 && ++i == words.size()) {
                throw StartRefusedException.usage(name + " needs a value; --help tells more.");
            }
            String value = equals < 0 ? words.get(i) : word.substring(equals + 1);
            if (value.isBlank()) {
                throw StartRefusedException.usage(
                        name + " needs a value, was empty; --help tells more.");
            }
            if (options.put(name, value) != null) {
                throw StartRefusedException.usage(name + " is given twice; give it once.");
            }
        }
        String port = options.get("--port");
        if (port != null) {
            properties.put(PORT, String.valueOf(portOf(port, "--port")));
        }
        String host = options.get("--host");
        if (host != null) {
            properties.put(HOST, host);
        }
        return new Arguments(false, shell, pathOf(options), properties);
    }

    /** A port number, or a refusal that names {@code origin}. */
    static int portOf(String text, String origin) throws StartRefusedException {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535) {
            return Integer.parseInt(text);
        }
        throw StartRefusedException.usage(
                origin + " must be a number from 0 to 65535, was \"" + text + "\".");
    }

    private static Optional<Path> pathOf(Map<String, String> options) throws StartRefusedException {
        String data = options.get("--data");
        try {
            return Optional.ofNullable(data)
                    .map(Path::of)
                    .map(Path::toAbsolutePath)
                    .map(Path::normalize);
        } catch (InvalidPathException e) {
            throw StartRefusedException.usage(
                    "--data must be a directory, was \"" + data + "\": " + e.getReason() + ".");
        }
    }

    private static void addProperty(String word, Map<String, String> properties)
            throws StartRefusedException {
        int equals = word.indexOf('=');
        if (equals < 3) {
            throw StartRefusedException.usage(
                    "-D must have the form -Dname=value, was \"" + word + "\".");
        }
        properties.put(word.substring(2, equals), word.substring(equals + 1));
    }
}
