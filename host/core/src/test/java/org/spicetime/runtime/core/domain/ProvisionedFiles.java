// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories with domain files. */
final class ProvisionedFiles {

    private ProvisionedFiles() {}

    /** An installation with one domain. */
    static Path with(String id, String policy) {
        return file(
                id + ".json",
                """
                {"config": {"scheduler": {"policy": "%s"},
                            "memory": {"poolSize": 4194304, "allocationType": "FIRST_FIT"}}}
                """
                        .formatted(policy));
    }

    static Path file(String name, String content) {
        try {
            Path home = Files.createTempDirectory("provisioned");
            Path domains = Files.createDirectories(home.resolve("etc/domains"));
            Files.writeString(domains.resolve(name), content);
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
