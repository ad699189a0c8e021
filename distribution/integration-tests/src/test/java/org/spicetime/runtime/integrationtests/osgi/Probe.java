// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The bundle that takes the compiled tests into the framework. */
final class Probe {
    private Probe() {}

    static InputStream bundle() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Path root = testClasses();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest())) {
            for (Path file : filesBelow(root)) {
                jar.putNextEntry(new JarEntry(root.relativize(file).toString()));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "probe");
        main.putValue("Bundle-Activator", ProbeActivator.class.getName());
        main.putValue(
                "Import-Package", "org.osgi.framework,org.osgi.util.tracker,org.ops4j.pax.exam");
        main.putValue("DynamicImport-Package", "*");
        return manifest;
    }

    private static Path testClasses() {
        try {
            return Path.of(Probe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> filesBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
