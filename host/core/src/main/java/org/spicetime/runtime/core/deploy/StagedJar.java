// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A private copy of a file from {@code deploy/} that was read to its end and is a bundle; what was
 * checked is what gets installed, whatever happens to the file meanwhile. Used by one thread;
 * closing it deletes the copy.
 *
 * @param copy the copy
 * @param symbolicName of the bundle
 * @param version of the bundle
 * @param fragmentHost symbolic name of the bundle it is a fragment of; null: it is none
 * @param sha256 of the file, in hexadecimal
 */
record StagedJar(
        Path copy,
        String symbolicName,
        Version version,
        @Nullable String fragmentHost,
        String sha256)
        implements AutoCloseable {

    static final long MOST_BYTES = 64L << 20;
    static final long MOST_INFLATED_BYTES = 512L << 20;
    static final int MOST_ENTRIES = 50_000;

    /** Copies and checks a file. */
    static StagedJar of(Path file) throws IOException, UnusableFileException {
        Path copy = Files.createTempFile("deploy-", ".jar");
        try {
            String sha256 = copy(file, copy);
            Attributes main = check(copy);
            String name = main.getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new UnusableFileException(
                        "it is a jar but no bundle: its manifest has no "
                                + Constants.BUNDLE_SYMBOLICNAME
                                + "; build it with bnd, as the examples of the vendor kit are");
            }
            return new StagedJar(
                    copy, bare(name), version(main), bare(main, Constants.FRAGMENT_HOST), sha256);
        } catch (IOException | UnusableFileException | RuntimeException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
    }

    InputStream open() throws IOException {
        return Files.newInputStream(copy);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(copy);
    }

    private static String copy(Path file, Path copy) throws IOException, UnusableFileException {
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new UnusableFileException(
                    "it has " + size + " bytes; a bundle may have " + MOST_BYTES + " at most");
        }
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest);
                OutputStream out = Files.newOutputStream(copy)) {
            in.transferTo(out);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Reads every entry to its end and checks its sum. */
    private static Attributes check(Path copy) throws UnusableFileException {
        try (ZipFile zip = new ZipFile(copy.toFile())) {
            if (zip.size() > MOST_ENTRIES) {
                throw new UnusableFileException(
                        "it has "
                                + zip.size()
                                + " entries; a bundle may have "
                                + MOST_ENTRIES
                                + " at most");
            }
            byte[] buffer = new byte[16 * 1024];
            long inflated = 0;
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                // ZipFile itself does not compare the sums.
                CRC32 sum = new CRC32();
                try (InputStream in = zip.getInputStream(entry)) {
                    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                        sum.update(buffer, 0, read);
                        inflated += read;
                        if (inflated > MOST_INFLATED_BYTES) {
                            throw new UnusableFileException(
                                    "its entries have more than "
                                            + MOST_INFLATED_BYTES
                                            + " bytes together, which no bundle needs");
                        }
                    }
                }
                if (entry.getCrc() >= 0 && entry.getCrc() != sum.getValue()) {
                    throw new ZipException("entry " + entry.getName() + " is damaged");
                }
            }
            ZipEntry manifest = zip.getEntry(JarFile.MANIFEST_NAME);
            if (manifest == null) {
                throw new UnusableFileException(
                        "it is a jar but no bundle: it has no "
                                + JarFile.MANIFEST_NAME
                                + "; build it with bnd, as the examples of the vendor kit are");
            }
            try (InputStream in = zip.getInputStream(manifest)) {
                return new Manifest(in).getMainAttributes();
            }
        } catch (IOException broken) {
            throw new UnusableFileException(
                    "it is not a readable jar ("
                            + broken.getMessage()
                            + "); build or copy it again, and put only bundles into deploy/");
        }
    }

    private static Version version(Attributes main) throws UnusableFileException {
        try {
            return Version.parseVersion(main.getValue(Constants.BUNDLE_VERSION));
        } catch (IllegalArgumentException malformed) {
            throw new UnusableFileException(
                    "its Bundle-Version "
                            + main.getValue(Constants.BUNDLE_VERSION)
                            + " is none; write MAJOR.MINOR.MICRO.QUALIFIER, the first three as"
                            + " numbers");
        }
    }

    private static @Nullable String bare(Attributes main, String header) {
        String value = main.getValue(header);
        return value == null ? null : bare(value);
    }

    /** A header without its directives. */
    private static String bare(String value) {
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip();
    }
}
