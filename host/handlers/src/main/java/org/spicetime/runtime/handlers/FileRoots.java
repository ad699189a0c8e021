// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.handlers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * The folders that tasks may read. A path is accepted when its real location, links followed, lies
 * inside of the real location of a root. Immutable.
 */
@Component(service = FileRoots.class)
@Designate(ocd = FileRoots.Config.class)
public final class FileRoots {

    /** Property of the framework that names the installation. */
    private static final String HOME = "spicetime.home";

    private final List<Path> roots;
    private final List<String> missing = new ArrayList<>();

    /** Settings. */
    @ObjectClassDefinition(
            name = "Domain Runtime: file roots",
            description = "The folders that the built-in file handlers may read.")
    public @interface Config {
        /** The folders. */
        @AttributeDefinition(
                name = "Roots",
                description =
                        "Folders that tasks may read, links followed. A relative path of a task is looked up"
                                + " in each of them in turn. Empty: the installation. A folder that is not"
                                + " there is left out, and refusals name it.")
        String[] roots() default {};
    }

    /** As configured; without configuration the installation is the only root. */
    @Activate
    public FileRoots(Config config, BundleContext context) {
        this(configured(config, context));
    }

    FileRoots(List<String> folders) {
        List<Path> real = new ArrayList<>();
        for (String folder : folders) {
            try {
                real.add(Path.of(folder).toRealPath());
            } catch (IOException | InvalidPathException e) {
                missing.add(folder);
            }
        }
        roots = List.copyOf(real);
    }

    private static List<String> configured(Config config, BundleContext context) {
        List<String> folders = new ArrayList<>();
        for (String root : config.roots()) {
            if (!root.isBlank()) folders.add(root.strip());
        }
        String home = context.getProperty(HOME);
        if (folders.isEmpty() && home != null) folders.add(home);
        return folders;
    }

    /**
     * The real location of a path of a task.
     *
     * @throws RefusedException if it lies outside of every root, or does not exist
     */
    Path resolve(String path) throws IOException {
        Path asked;
        try {
            asked = Path.of(path);
        } catch (InvalidPathException e) {
            throw RefusedException.badInput(
                    "path", "\"" + path + "\" is no path: " + e.getReason());
        }
        boolean inside = false;
        for (Path root : roots) {
            Path candidate = root.resolve(asked).normalize();
            if (!candidate.startsWith(root)) continue;
            inside = true;
            Path real = realPath(candidate);
            if (real == null) continue;
            if (roots.stream().anyMatch(real::startsWith)) return real;
            inside = false;
        }
        if (inside)
            throw new NoSuchFileException(
                    path, null, "no such file or folder in the configured roots");
        throw RefusedException.badInput(
                "path",
                "\""
                        + path
                        + "\" lies outside of the configured roots; ask the operator to add its folder"
                        + (missing.isEmpty()
                                ? ""
                                : " (configured, but not there: "
                                        + String.join(", ", missing)
                                        + ")"));
    }

    private static @org.jspecify.annotations.Nullable Path realPath(Path candidate)
            throws IOException {
        return Files.exists(candidate) ? candidate.toRealPath() : null;
    }
}
