// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Map;

/**
 * Where the host will listen for HTTP. Immutable.
 *
 * @param address the address to bind
 * @param port the port to bind; 0 takes any free one
 */
record ListenAddress(InetAddress address, int port) {

    /**
     * The setting that allows an address which other machines can reach, although the traffic is
     * not encrypted.
     */
    static final String ALLOW_PLAIN_HTTP = "launcher.plain.http.allowed";

    static ListenAddress of(Map<String, String> settings) throws StartRefusedException {
        String host = settings.getOrDefault(Arguments.HOST, "127.0.0.1");
        int port = Arguments.portOf(settings.getOrDefault(Arguments.PORT, "8080"), Arguments.PORT);
        try {
            InetAddress address = InetAddress.getByName(host);
            if (!address.isLoopbackAddress()
                    && !Boolean.parseBoolean(settings.get(ALLOW_PLAIN_HTTP))) {
                throw StartRefusedException.failed(
                        host
                                + " can be reached from other machines and HTTP is not encrypted; listen on 127.0.0.1, or set "
                                + ALLOW_PLAIN_HTTP
                                + "=true.");
            }
            return new ListenAddress(address, port);
        } catch (UnknownHostException e) {
            throw StartRefusedException.failed(
                    Arguments.HOST + " must be an address of this machine, was \"" + host + "\".",
                    e);
        }
    }

    boolean reachableFromOutside() {
        return !address.isLoopbackAddress();
    }

    /** Refuses a port that another process holds, before anything is started. */
    void requireFree() throws StartRefusedException {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw StartRefusedException.failed(
                    "cannot listen on port "
                            + port
                            + " of "
                            + address.getHostAddress()
                            + ": "
                            + Sentence.of(e)
                            + "; choose another with --port N, or any free one with --port 0.",
                    e);
        }
    }
}
