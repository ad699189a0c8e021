// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.core.plugins.Quarantine.Memory;

/**
 * Keeps what is remembered of plugins over restarts of the host. The file is replaced as a whole:
 * after a crash it holds the state before or after, never half of it. One that cannot be read is
 * set aside and told; the host starts without it. Written by a thread of its own. Thread-safe.
 */
final class QuarantineFile {

    private static final Logger LOG = LoggerFactory.getLogger(QuarantineFile.class);
    private static final long LARGEST = 8L << 20;
    private static final long IDLE_MILLIS = 500;
    private static final long LAST_WRITE_MILLIS = 5_000;

    private final @Nullable Path file;
    private final Supplier<Memory> memory;
    private final ThreadPoolExecutor writer;
    private volatile @Nullable String problem;

    /* Guarded by this. */
    private @Nullable CompletableFuture<Void> waiting;

    /**
     * A file that is not read yet.
     *
     * @param file where; null: nothing is kept
     * @param memory tells what is to be kept, at the time of writing
     */
    QuarantineFile(@Nullable Path file, Supplier<Memory> memory) {
        this.file = file;
        this.memory = memory;
        writer =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_MILLIS,
                        TimeUnit.MILLISECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("plugin-quarantine").factory());
        writer.allowCoreThreadTimeOut(true);
    }

    /** What is wrong with the file, in one sentence; null: nothing. */
    @Nullable String problem() {
        return problem;
    }

    /** What a former run left. */
    Memory read() {
        Path path = file;
        if (path == null) {
            return Memory.EMPTY;
        }
        try {
            if (Files.size(path) > LARGEST) {
                throw new IllegalArgumentException("it is larger than " + LARGEST + " bytes");
            }
            return QuarantineJson.read(Files.readAllBytes(path));
        } catch (NoSuchFileException none) {
            return Memory.EMPTY;
        } catch (IOException | RuntimeException unreadable) {
            setAside(path, unreadable);
            return Memory.EMPTY;
        }
    }

    private void setAside(Path path, Exception why) {
        Path aside = path.resolveSibling(path.getFileName() + ".unreadable");
        String sentence =
                "%s cannot be read (%s), so no plugin is kept away for what it did before this start"
                        .formatted(path, why.getMessage());
        try {
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            sentence += "; it was moved to " + aside.getFileName();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        problem = sentence;
        LOG.error("{}", sentence, why);
    }

    /**
     * Writes soon what is to be kept then.
     *
     * @return completes when it is on the disk; fails with {@link UncheckedIOException} if it
     *     cannot be written
     */
    CompletableFuture<Void> save() {
        Path path = file;
        if (path == null) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> saved;
        synchronized (this) {
            CompletableFuture<Void> next = waiting;
            if (next != null) {
                return next;
            }
            saved = new CompletableFuture<>();
            waiting = saved;
        }
        writer.execute(() -> write(path, saved));
        return saved;
    }

    private void write(Path path, CompletableFuture<Void> saved) {
        synchronized (this) {
            waiting = null;
        }
        try {
            replace(path, QuarantineJson.write(memory.get()).getBytes(StandardCharsets.UTF_8));
            problem = null;
            saved.complete(null);
        } catch (IOException | RuntimeException e) {
            String sentence =
                    "%s cannot be written (%s); a restart would forget which plugins are quarantined"
                            .formatted(path, e.getMessage());
            problem = sentence;
            LOG.error("{}", sentence, e);
            saved.completeExceptionally(e);
        }
    }

    private static void replace(Path path, byte[] bytes) throws IOException {
        Path directory = path.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(
                fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Waits for what is being written. */
    void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LAST_WRITE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("{} could not be written in time", file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
