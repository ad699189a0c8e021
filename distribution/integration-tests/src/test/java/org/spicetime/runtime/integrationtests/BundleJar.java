// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Jars of bundles: those of the vendor kit, in any version, and such as are made by hand. */
public final class BundleJar {

    private final Manifest manifest = new Manifest();
    private final Map<String, byte[]> entries = new TreeMap<>();

    private BundleJar() {
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    }

    /** A bundle with nothing in it. */
    public static BundleJar empty(String symbolicName, String version) {
        return new BundleJar()
                .header("Bundle-ManifestVersion", "2")
                .header("Bundle-SymbolicName", symbolicName)
                .header("Bundle-Version", version);
    }

    /** A jar that is no bundle. */
    public static BundleJar plain() {
        return new BundleJar().entry("readme.txt", "nothing to see");
    }

    /**
     * An example of the vendor kit.
     *
     * @param home the installation
     * @param example last part of its symbolic name
     */
    public static BundleJar ofKit(Path home, String example) {
        try (Stream<Path> files = Files.list(home.resolve("vendor-kit"))) {
            Path jar =
                    files.filter(file -> String.valueOf(file.getFileName()).contains(example))
                            .findFirst()
                            .orElseThrow();
            return read(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BundleJar read(Path file) throws IOException {
        BundleJar jar = new BundleJar();
        try (JarFile zip = new JarFile(file.toFile())) {
            jar.manifest.getMainAttributes().putAll(zip.getManifest().getMainAttributes());
            for (Enumeration<JarEntry> all = zip.entries(); all.hasMoreElements(); ) {
                JarEntry entry = all.nextElement();
                if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        jar.entries.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        return jar;
    }

    /** Sets a header; null removes it. */
    public BundleJar header(String name, @Nullable String value) {
        if (value == null) {
            manifest.getMainAttributes().remove(new java.util.jar.Attributes.Name(name));
        } else {
            manifest.getMainAttributes().putValue(name, value);
        }
        return this;
    }

    /** The same in another version. */
    public BundleJar version(String version) {
        return header("Bundle-Version", version);
    }

    /** Adds a text. */
    public BundleJar entry(String name, String text) {
        entries.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Adds a class, as the tests have it. */
    public BundleJar with(Class<?> type) {
        String path = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no class file of " + type);
            }
            entries.put(path, in.readAllBytes());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A class of the tests as activator. */
    public BundleJar activator(Class<?> type) {
        return with(type)
                .header("Bundle-Activator", type.getName())
                .header("Import-Package", "org.osgi.framework");
    }

    /** The jar. */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
