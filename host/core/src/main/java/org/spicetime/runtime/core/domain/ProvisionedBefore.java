// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;

/**
 * Which domains were made from which files, so that one that was deleted does not come back with
 * the next start. A file of one line per domain, replaced as a whole; without it, or if it cannot
 * be read, every file counts as new. Called by one thread at a time.
 */
final class ProvisionedBefore {

    private static final Logger LOG = LoggerFactory.getLogger(ProvisionedBefore.class);
    private static final String NAME = "provisioned.txt";

    private final Path file;
    private final Map<String, String> contents = new TreeMap<>();

    /**
     * What is on record.
     *
     * @param directory where the store lies
     */
    ProvisionedBefore(Path directory) {
        file = directory.resolve(NAME);
        try {
            for (String line : Files.readAllLines(file, UTF_8)) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    contents.put(line.substring(0, space), line.substring(space + 1));
                }
            }
        } catch (NoSuchFileException first) {
            LOG.debug("nothing was provisioned before", first);
        } catch (IOException unreadable) {
            LOG.warn(
                    "{} cannot be read; deleted domains may come back from their files",
                    file,
                    unreadable);
        }
    }

    /** Whether a domain was made from a file of this content. */
    boolean contains(DomainId id, Path source) {
        return contentOf(source).equals(contents.get(id.value()));
    }

    /** A domain that a file of this content describes is there. */
    void add(DomainId id, Path source) {
        String content = contentOf(source);
        if (content.equals(contents.put(id.value(), content))) {
            return;
        }
        try {
            write();
        } catch (IOException notWritten) {
            LOG.warn("{} cannot be written", file, notWritten);
        }
    }

    private static String contentOf(Path source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(source));
            return HexFormat.of().formatHex(digest);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        } catch (NoSuchAlgorithmException every) {
            throw new IllegalStateException("every Java platform has SHA-256", every);
        }
    }

    private void write() throws IOException {
        Path fresh = file.resolveSibling(NAME + ".new");
        String text =
                contents.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                        .collect(Collectors.joining());
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
