// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.handlers;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.task.TaskType;

/**
 * COMPUTATION: the message digest of inline data or of a file, chained over any number of rounds.
 * Without data it digests one mebibyte of a fixed pattern, so the same task costs the same
 * everywhere. Thread-safe.
 */
@Component(service = TaskHandler.class)
public final class DigestDataHandler
        implements TaskHandler<DigestDataHandler.Request, DigestDataHandler.Result> {

    private static final HandlerDescriptor<Request, Result> DESCRIPTOR =
            new HandlerDescriptor<>(
                    "digest.data",
                    "1.0.0",
                    "Message digest of inline data or of a file, chained over rounds.",
                    Request.class,
                    Result.class,
                    Set.of(TaskType.COMPUTATION));

    private static final int PATTERN_BYTES = 1 << 20;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int ROUNDS_PER_CHECKPOINT = 64;

    private final FileRoots roots;

    /** With the configured roots. */
    @Activate
    public DigestDataHandler(@Reference FileRoots roots) {
        this.roots = roots;
    }

    /**
     * What to digest; at most one of {@code text}, {@code base64} and {@code file}.
     *
     * @param text UTF-8 is digested
     * @param base64 the decoded bytes are digested
     * @param file path inside of the configured roots
     */
    public record Request(
            @PayloadField("Text to digest, as UTF-8.") @Nullable String text,
            @PayloadField("Bytes to digest, in Base64.") @Nullable String base64,
            @PayloadField(
                            "File to digest, relative to a configured root or absolute inside of one.")
                    @Nullable String file,
            @PayloadField(
                            value = "Algorithm: SHA-256, SHA-512, SHA3-256, SHA-1 or MD5.",
                            defaultJson = "\"SHA-256\"")
                    String algorithm,
            @PayloadField(
                            value = "Rounds; each digests the digest before it and the data.",
                            defaultJson = "1",
                            minimum = 1,
                            maximum = 1_000_000_000)
                    int rounds) {
        public Request {
            int sources =
                    (text == null ? 0 : 1) + (base64 == null ? 0 : 1) + (file == null ? 0 : 1);
            if (sources > 1) {
                throw new IllegalArgumentException(
                        "text, base64 and file exclude each other, give one of them");
            }
            Digests.check(algorithm);
            if (base64 != null) decoded(base64);
        }

        byte[] inline() {
            if (text != null) return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            if (base64 != null) return decoded(base64);
            byte[] pattern = new byte[PATTERN_BYTES];
            for (int i = 0; i < pattern.length; i++) pattern[i] = (byte) (i * 31 + (i >>> 8));
            return pattern;
        }

        private static byte[] decoded(String base64) {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "base64 must be Base64 text: " + e.getMessage(), e);
            }
        }
    }

    /** What was digested. */
    public record Result(
            @PayloadField("Algorithm used.") String algorithm,
            @PayloadField("Digest of the last round, in hexadecimal.") String digest,
            @PayloadField("Bytes of the data.") long bytes,
            @PayloadField("Rounds run.") int rounds) {}

    @Override
    public HandlerDescriptor<Request, Result> descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Result run(Request request, TaskContext context) throws IOException {
        MemorySegment data =
                request.file() == null
                        ? hold(request.inline(), context)
                        : load(request.file(), context);
        MessageDigest digest = Digests.of(request.algorithm());
        byte[] chained = new byte[0];
        for (int round = 0; round < request.rounds(); round++) {
            if (round % ROUNDS_PER_CHECKPOINT == 0) {
                context.checkpoint();
                context.progress((double) round / request.rounds());
            }
            digest.update(chained);
            for (long offset = 0; offset < data.byteSize(); offset += CHUNK_BYTES) {
                long length = Math.min(CHUNK_BYTES, data.byteSize() - offset);
                digest.update(data.asSlice(offset, length).asByteBuffer());
                if (length == CHUNK_BYTES) context.checkpoint();
            }
            chained = digest.digest();
        }
        return new Result(
                request.algorithm(),
                HexFormat.of().formatHex(chained),
                data.byteSize(),
                request.rounds());
    }

    private static MemorySegment hold(byte[] bytes, TaskContext context) {
        if (bytes.length == 0) return MemorySegment.NULL;
        MemorySegment held = context.arena().allocate(bytes.length);
        MemorySegment.copy(bytes, 0, held, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return held;
    }

    private MemorySegment load(String file, TaskContext context) throws IOException {
        Path path = roots.resolve(file);
        long size = Files.size(path);
        if (size == 0) return MemorySegment.NULL;
        MemorySegment held = context.arena().allocate(size);
        byte[] chunk = new byte[CHUNK_BYTES];
        long filled = 0;
        try (InputStream in = Files.newInputStream(path)) {
            while (filled < size) {
                context.checkpoint();
                int read = in.read(chunk, 0, (int) Math.min(chunk.length, size - filled));
                if (read < 0)
                    throw new IOException(
                            "file \"" + file + "\" shrank from " + size + " to " + filled);
                MemorySegment.copy(chunk, 0, held, ValueLayout.JAVA_BYTE, filled, read);
                filled += read;
            }
        }
        return held;
    }
}
