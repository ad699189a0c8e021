// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections beyond what there may be, in all or of one address, before anything is read
 * from them. Thread-safe.
 */
final class OpenConnections implements SelectorManager.AcceptListener {
    private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);

    /** Whoever has an IPv6 address has the network of 64 bits around it. */
    private static final int NETWORK_BYTES = 8;

    private final Supplier<ConnectionLimits> limits;
    private final SeldomLog log;
    private final Map<SelectableChannel, ByteBuffer> sources = new ConcurrentHashMap<>();
    private final Map<ByteBuffer, Integer> counts = new ConcurrentHashMap<>();

    OpenConnections(Supplier<ConnectionLimits> limits, SeldomLog log) {
        this.limits = limits;
        this.log = log;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        InetAddress address = address(channel);
        if (address == null) return;
        ByteBuffer source = source(address);
        sources.put(channel, source);
        int ofAddress = counts.merge(source, 1, Integer::sum);
        ConnectionLimits most = limits.get();
        if (ofAddress > most.perAddress()) {
            refuse(channel, address, "one address may have " + most.perAddress());
        } else if (sources.size() > most.all()) {
            refuse(channel, address, "there may be " + most.all());
        }
    }

    private void refuse(SelectableChannel channel, InetAddress address, String limit) {
        // Jetty counts it as failed when it finds it closed.
        IO.close(channel);
        log.warn(
                "a connection of %s was closed: %s at a time"
                        .formatted(address.getHostAddress(), limit));
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        forget(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        forget(channel);
    }

    private void forget(SelectableChannel channel) {
        ByteBuffer source = sources.remove(channel);
        if (source == null) return;
        counts.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
    }

    /** How many connections there are. */
    int count() {
        return sources.size();
    }

    private static @Nullable InetAddress address(SelectableChannel channel) {
        try {
            return channel instanceof SocketChannel socket
                            && socket.getRemoteAddress() instanceof InetSocketAddress remote
                    ? remote.getAddress()
                    : null;
        } catch (IOException e) {
            LOG.debug("a connection was gone before it was counted", e);
            return null;
        }
    }

    /** What counts as one address. */
    static ByteBuffer source(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, NETWORK_BYTES));
    }
}
