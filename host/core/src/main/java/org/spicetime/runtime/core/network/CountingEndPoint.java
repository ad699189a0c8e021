// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.LongConsumer;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/** A socket that tells how many bytes it moved, encryption included. As thread-safe as its kind. */
final class CountingEndPoint extends SocketChannelEndPoint {
    private final LongConsumer moved;

    CountingEndPoint(
            SocketChannel channel,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            LongConsumer moved) {
        super(channel, selector, key, scheduler);
        this.moved = moved;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (filled > 0) {
            moved.accept(filled);
        }
        return filled;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        long before = remaining(buffers);
        try {
            return super.flush(buffers);
        } finally {
            long flushed = before - remaining(buffers);
            if (flushed > 0) {
                moved.accept(flushed);
            }
        }
    }

    private static long remaining(ByteBuffer... buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }
}
