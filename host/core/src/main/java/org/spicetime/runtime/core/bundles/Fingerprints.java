// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.bundles;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SHA-256 of the files of shipped bundles, read once each. Thread-safe. */
final class Fingerprints {

    private static final Logger LOG = LoggerFactory.getLogger(Fingerprints.class);
    private static final String REFERENCE = "reference:";
    private static final String UNREADABLE = "";

    private final Map<String, String> byLocation = new ConcurrentHashMap<>();

    /** Whether a bundle is part of the product: the launcher runs those from where they lie. */
    static boolean isShipped(Bundle bundle) {
        return bundle.getBundleId() == 0 || bundle.getLocation().startsWith(REFERENCE);
    }

    /** What is known; null: nothing yet, or there is no file. */
    @Nullable String of(Bundle bundle) {
        String known = byLocation.get(bundle.getLocation());
        return UNREADABLE.equals(known) ? null : known;
    }

    /** Reads the file of a bundle unless that was done; true: there is news. */
    boolean read(Bundle bundle) {
        String location = bundle.getLocation();
        if (!location.startsWith(REFERENCE + "file:") || byLocation.containsKey(location)) {
            return false;
        }
        try {
            byLocation.put(
                    location, sha256(Path.of(URI.create(location.substring(REFERENCE.length())))));
            return true;
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.warn("bundle {}: its file cannot be read", bundle, unreadable);
            byLocation.put(location, UNREADABLE);
            return false;
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
