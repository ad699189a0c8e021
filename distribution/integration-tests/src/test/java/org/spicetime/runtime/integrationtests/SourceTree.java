// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the modules are and what Maven built of them. Immutable. */
public final class SourceTree {
    private static final List<String> FAMILIES =
            List.of(
                    "",
                    "host",
                    "scheduler-plugins",
                    "memory-plugins",
                    "distribution",
                    "distribution/vendor-kit");

    private SourceTree() {}

    /** The root of the tree; tests run in the folder of their module. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("verify"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "no folder above " + Path.of("").toAbsolutePath() + " holds ./verify");
            }
        }
        return folder;
    }

    /** The compiled main classes of every module that has any. */
    static List<Path> compiledModules() {
        return FAMILIES.stream()
                .map(family -> root().resolve(family))
                .flatMap(SourceTree::childrenOf)
                .filter(module -> Files.isRegularFile(module.resolve("pom.xml")))
                .map(module -> module.resolve("target/classes"))
                .filter(Files::isDirectory)
                .sorted()
                .toList();
    }

    /** The jar that the module in this folder was packed into. */
    static Path jarOf(String module) {
        Path target = root().resolve(module).resolve("target");
        if (!Files.isDirectory(target)) {
            throw new IllegalStateException(module + " is not built: " + target + " is missing");
        }
        return childrenOf(target)
                .filter(file -> file.getFileName().toString().matches("org\\.spicetime.*\\.jar"))
                .filter(file ->
                        !file.getFileName().toString().matches(".*-(sources|javadoc)\\.jar"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no jar in " + target));
    }

    private static Stream<Path> childrenOf(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
