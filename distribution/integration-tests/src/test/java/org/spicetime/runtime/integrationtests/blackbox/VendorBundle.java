// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A bundle that a test makes of its own classes and drops into {@code deploy/}. */
final class VendorBundle {
    private VendorBundle() {}

    /** Drops a bundle that contributes to the schema as told, the way an operator would. */
    static Path drop(HostProcess host, String symbolicName, SampleContribution.Kind kind) {
        try {
            Path made = Files.createTempFile(host.data().getParent(), symbolicName, ".jar");
            try (OutputStream out = Files.newOutputStream(made);
                    JarOutputStream jar = new JarOutputStream(out, manifest(symbolicName, kind))) {
                for (Class<?> type :
                        List.of(
                                SampleContribution.class,
                                SampleContribution.Kind.class,
                                SampleContribution.AcmeThing.class)) {
                    add(jar, type.getName().replace('.', '/') + ".class");
                }
            }
            Path deployed = host.data().resolve("deploy").resolve(symbolicName + ".jar");
            return Files.move(made, deployed, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Manifest manifest(String symbolicName, SampleContribution.Kind kind) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", symbolicName);
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Bundle-Activator", SampleContribution.class.getName());
        main.putValue(SampleContribution.HEADER, kind.name());
        main.putValue(
                "Import-Package",
                "org.osgi.framework,org.spicetime.runtime.api.graphql,org.spicetime.runtime.api.task,"
                        + "org.spicetime.runtime.api.security");
        return manifest;
    }

    private static void add(JarOutputStream jar, String file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        VendorBundle.class.getClassLoader().getResourceAsStream(file))) {
            jar.putNextEntry(new JarEntry(file));
            in.transferTo(jar);
            jar.closeEntry();
        }
    }
}
