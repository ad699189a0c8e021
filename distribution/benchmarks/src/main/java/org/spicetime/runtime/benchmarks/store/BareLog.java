// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/**
 * The limit of the disk: a file to which one thread appends all that waits, and synchronises once
 * for all of it. Keeps nothing that could be read back. Thread-safe.
 */
final class BareLog implements AutoCloseable {
    private static final int RECORD_BYTES = 300;
    private static final int MOST = 1024;

    private final BlockingQueue<CompletableFuture<Void>> waiting = new ArrayBlockingQueue<>(8192);
    private final Path file;
    private final FileChannel channel;
    private final Thread writer;
    private volatile boolean closed;

    BareLog(Path directory) throws IOException {
        file = Files.createTempFile(directory, "bare", ".log");
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
        writer = new Thread(this::write, "bare-log");
        writer.start();
    }

    /** Appends a record; returns when it is on the disk. */
    void append() throws Exception {
        CompletableFuture<Void> durable = new CompletableFuture<>();
        waiting.put(durable);
        durable.get();
    }

    private void write() {
        ByteBuffer records = ByteBuffer.allocateDirect(MOST * RECORD_BYTES);
        List<CompletableFuture<Void>> batch = new ArrayList<>(MOST);
        while (!closed) {
            batch.clear();
            try {
                batch.add(waiting.take());
                waiting.drainTo(batch, MOST - 1);
                records.clear().limit(batch.size() * RECORD_BYTES);
                while (records.hasRemaining()) channel.write(records);
                channel.force(false);
                batch.forEach(one -> one.complete(null));
            } catch (IOException | InterruptedException e) {
                batch.forEach(one -> one.completeExceptionally(e));
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        waiting.offer(new CompletableFuture<>());
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
        Files.delete(file);
    }
}
