// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The bundles of an installation: {@code bundles/LEVEL/*.jar}. Immutable. */
final class ShippedBundles {

    /**
     * A jar and the start level its folder names.
     *
     * @param file the jar
     * @param startLevel 1 or more
     */
    record Shipped(Path file, int startLevel) {}

    private ShippedBundles() {}

    /**
     * All jars, by start level and then by name, so that every start installs in the same order.
     */
    static List<Shipped> in(Path home) throws StartRefusedException {
        Path bundles = home.resolve("bundles");
        List<Shipped> found = new ArrayList<>();
        try {
            for (Path folder : childrenOf(bundles)) {
                int level = startLevelOf(folder);
                for (Path file : childrenOf(folder)) {
                    if (file.toString().endsWith(".jar")) {
                        found.add(new Shipped(file, level));
                    }
                }
            }
        } catch (IOException e) {
            throw StartRefusedException.failed(
                    "cannot read the bundles of the installation: " + Sentence.of(e) + ".", e);
        }
        if (found.isEmpty()) {
            throw StartRefusedException.failed(
                    bundles
                            + " holds no bundle, so the installation is incomplete; unpack it again.");
        }
        found.sort(Comparator.comparingInt(Shipped::startLevel).thenComparing(Shipped::file));
        return Collections.unmodifiableList(found);
    }

    /** The bundles of the interactive shell, {@code lib/shell/*.jar}. */
    static List<Path> ofShell(Path home) throws StartRefusedException {
        try {
            return childrenOf(home.resolve("lib/shell")).stream()
                    .filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw StartRefusedException.failed(
                    "the installation has no shell: "
                            + Sentence.of(e)
                            + "; start without --shell, or unpack the installation again.",
                    e);
        }
    }

    private static int startLevelOf(Path folder) throws StartRefusedException {
        String name = String.valueOf(folder.getFileName());
        if (Files.isDirectory(folder) && name.matches("[0-9]{1,3}") && Integer.parseInt(name) > 0) {
            return Integer.parseInt(name);
        }
        throw StartRefusedException.failed(
                folder
                        + " must be a directory named by a start level from 1 to 999; move it away.");
    }

    private static List<Path> childrenOf(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }
}
