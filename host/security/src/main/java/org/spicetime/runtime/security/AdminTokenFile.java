// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code secrets/admin.token} of an instance: 256 random bits, made at the first start, or
 * when the file is deleted, and kept. Only its owner may read it. Called by one thread at a time.
 */
final class AdminTokenFile {
    private static final Pattern TOKEN = Pattern.compile("drt_[A-Za-z0-9_-]{43}");
    private static final int LARGEST_BYTES = 256;
    private static final Set<PosixFilePermission> OTHERS =
            Set.copyOf(EnumSet.complementOf(EnumSet.copyOf(permissions("rwx------"))));
    private static final Logger LOG = LoggerFactory.getLogger(AdminTokenFile.class);

    private final Path folder;
    private final Path file;

    AdminTokenFile(Path instance) {
        folder = instance.resolve("secrets");
        file = folder.resolve("admin.token");
    }

    /** The token, made now if there is none. Whatever is wrong makes the file unusable. */
    String readOrCreate() {
        try {
            return current();
        } catch (IOException e) {
            throw new UnusableTokenException(
                    "cannot use the token file %s: %s (%s)"
                            .formatted(file, e.getMessage(), e.getClass().getSimpleName()));
        }
    }

    /** The token, made now if there is none. */
    String current() throws IOException {
        if (!Files.exists(folder, NOFOLLOW_LINKS)) {
            Files.createDirectory(folder, attribute("rwx------"));
        }
        closedToOthers(folder, "700");
        if (!Files.exists(file, NOFOLLOW_LINKS)) create();
        return read();
    }

    private void create() throws IOException {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String token = "drt_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path half = folder.resolve(".admin.token.new");
        Files.deleteIfExists(half);
        try (FileChannel out =
                FileChannel.open(
                        half,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        attribute("rw-------"))) {
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(token + "\n");
            while (bytes.hasRemaining()) out.write(bytes);
            out.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        LOG.info("made the administrator's token: {}", file);
    }

    private String read() throws IOException {
        closedToOthers(file, "600");
        PosixFileAttributes attributes =
                Files.readAttributes(file, PosixFileAttributes.class, NOFOLLOW_LINKS);
        if (!attributes.isRegularFile() || attributes.size() > LARGEST_BYTES) {
            throw new UnusableTokenException(
                    "the token file %s is not a file of at most %d bytes: delete it to get a new token"
                            .formatted(file, LARGEST_BYTES));
        }
        String token = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (!TOKEN.matcher(token).matches()) {
            throw new UnusableTokenException(
                    "the token file %s does not hold drt_ and 43 characters: delete it to get a new token"
                            .formatted(file));
        }
        return token;
    }

    private static void closedToOthers(Path path, String mode) throws IOException {
        Set<PosixFilePermission> found = Files.getPosixFilePermissions(path, NOFOLLOW_LINKS);
        for (PosixFilePermission permission : OTHERS) {
            if (found.contains(permission)) {
                throw new UnusableTokenException(
                        "%s is open to other users (%s): run chmod %s on it"
                                .formatted(path, PosixFilePermissions.toString(found), mode));
            }
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(String permissions) {
        return PosixFilePermissions.asFileAttribute(permissions(permissions));
    }

    private static Set<PosixFilePermission> permissions(String text) {
        return PosixFilePermissions.fromString(text);
    }
}
