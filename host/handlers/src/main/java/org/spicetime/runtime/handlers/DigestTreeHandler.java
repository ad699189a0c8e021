// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.handlers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.task.TaskType;

/**
 * IO: reads every file below a folder and digests names and contents in the order of the names, so
 * equal trees have equal digests. Links are not followed. Thread-safe.
 */
@Component(service = TaskHandler.class)
public final class DigestTreeHandler
        implements TaskHandler<DigestTreeHandler.Request, DigestTreeHandler.Result> {

    private static final HandlerDescriptor<Request, Result> DESCRIPTOR =
            new HandlerDescriptor<>(
                    "digest.tree",
                    "1.0.0",
                    "Digest over the names and contents of all files below a folder.",
                    Request.class,
                    Result.class,
                    Set.of(TaskType.IO));

    private static final int BUFFER_BYTES = 64 * 1024;

    private final FileRoots roots;

    /** With the configured roots. */
    @Activate
    public DigestTreeHandler(@Reference FileRoots roots) {
        this.roots = roots;
    }

    /** Which tree. */
    public record Request(
            @PayloadField(
                            value =
                                    "Folder or file, relative to a configured root or absolute inside of one.",
                            defaultJson = "\"etc\"",
                            minimum = 1,
                            maximum = 4096)
                    String path,
            @PayloadField(
                            value = "Algorithm: SHA-256, SHA-512, SHA3-256, SHA-1 or MD5.",
                            defaultJson = "\"SHA-256\"")
                    String algorithm,
            @PayloadField(
                            value = "Files after which the task fails.",
                            defaultJson = "100000",
                            minimum = 1,
                            maximum = 10_000_000)
                    int maxFiles) {
        public Request {
            Digests.check(algorithm);
        }
    }

    /** What was read. */
    public record Result(
            @PayloadField("Algorithm used.") String algorithm,
            @PayloadField("Digest over names and contents, in hexadecimal.") String digest,
            @PayloadField("Files read.") int files,
            @PayloadField("Folders entered.") int folders,
            @PayloadField("Bytes read.") long bytes) {}

    @Override
    public HandlerDescriptor<Request, Result> descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Result run(Request request, TaskContext context) throws IOException {
        Path top = roots.resolve(request.path());
        TreeMap<String, Path> files = new TreeMap<>();
        int[] folders = {0};
        Files.walkFileTree(
                top,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        context.checkpoint();
                        folders[0]++;
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (!attributes.isRegularFile()) return FileVisitResult.CONTINUE;
                        if (files.size() == request.maxFiles()) {
                            throw new IOException(
                                    "\""
                                            + request.path()
                                            + "\" has more than maxFiles = "
                                            + request.maxFiles()
                                            + " files");
                        }
                        files.put(top.relativize(file).toString(), file);
                        return FileVisitResult.CONTINUE;
                    }
                });
        MessageDigest digest = Digests.of(request.algorithm());
        byte[] buffer = new byte[BUFFER_BYTES];
        long bytes = 0;
        int done = 0;
        for (var file : files.entrySet()) {
            digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            bytes += digestFile(file.getValue(), digest, buffer, context);
            context.progress((double) ++done / files.size());
        }
        return new Result(
                request.algorithm(),
                HexFormat.of().formatHex(digest.digest()),
                files.size(),
                folders[0],
                bytes);
    }

    private static long digestFile(
            Path file, MessageDigest digest, byte[] buffer, TaskContext context)
            throws IOException {
        long bytes = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                context.checkpoint();
                digest.update(buffer, 0, read);
                bytes += read;
            }
        }
        return bytes;
    }
}
