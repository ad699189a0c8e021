// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.spicetime.runtime.integrationtests.BundleJar;

/** A bundle that a test makes of its own classes. */
public final class VendorBundle {
    private VendorBundle() {}

    /** A bundle that contributes to the schema as told. */
    public static byte[] contributing(String symbolicName, SampleContribution.Kind kind) {
        return BundleJar.empty(symbolicName, "1.0.0")
                .activator(SampleContribution.class)
                .with(SampleContribution.Kind.class)
                .with(SampleContribution.AcmeThing.class)
                .header(SampleContribution.HEADER, kind.name())
                .header(
                        "Import-Package",
                        "org.osgi.framework,org.spicetime.runtime.api.graphql,org.spicetime.runtime.api.task,"
                                + "org.spicetime.runtime.api.security")
                .bytes();
    }

    /** Drops such a bundle into {@code deploy/}, the way an operator would. */
    static Path drop(HostProcess host, String symbolicName, SampleContribution.Kind kind) {
        try {
            Path made = Files.createTempFile(host.data().getParent(), symbolicName, ".jar");
            Files.write(made, contributing(symbolicName, kind));
            Path deployed = host.data().resolve("deploy").resolve(symbolicName + ".jar");
            return Files.move(made, deployed, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
