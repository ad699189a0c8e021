// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;

/** Packs the package {@code work} of the bundle into a bundle of its own. */
final class WorkBundle {
    private static final String PACKAGE = "/org/spicetime/runtime/benchmarks/work";
    private static final String ACTIVATOR = "org.spicetime.runtime.benchmarks.work.WorkActivator";

    private WorkBundle() {}

    static byte[] pack(Bundle bundle) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "benchmark.work");
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Bundle-Activator", ACTIVATOR);
        main.putValue(
                "Import-Package",
                "org.osgi.framework,org.spicetime.runtime.api,org.spicetime.runtime.api.handler,"
                        + "org.spicetime.runtime.api.memory,org.spicetime.runtime.api.task");
        Enumeration<URL> found = bundle.findEntries(PACKAGE, "*.class", false);
        if (found == null) throw new IllegalStateException("the bundle has no " + PACKAGE);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (URL url : Collections.list(found)) {
                jar.putNextEntry(new JarEntry(url.getPath().substring(1)));
                try (InputStream in = url.openStream()) {
                    in.transferTo(jar);
                }
                jar.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
