// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The assembled distribution: what the tests start is what is shipped. Immutable.
 *
 * @param home its folder
 */
public record Installation(Path home) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

    /**
     * A bundle that is shipped. Immutable.
     *
     * @param jar its file
     * @param startLevel by the folder it lies in
     */
    public record Shipped(Path jar, int startLevel) {}

    /** The one that the build of this tree has made; -Dinstallation=DIR names another. */
    public static Installation assembled() {
        String other = System.getProperty("installation");
        Path home =
                other == null
                        ? SourceTree.root().resolve("distribution/assembly/target/domain-runtime")
                        : Path.of(other).toAbsolutePath();
        if (!Files.isExecutable(home.resolve("bin/domain-runtime"))) {
            throw new IllegalStateException(
                    home + " is not assembled; build distribution/assembly first");
        }
        return new Installation(home);
    }

    /** By start level and name, as the launcher installs them. */
    public List<Shipped> bundles() throws IOException {
        List<Shipped> bundles = new ArrayList<>();
        for (Path level : sorted(home.resolve("bundles"))) {
            for (Path jar : sorted(level)) {
                bundles.add(new Shipped(jar, Integer.parseInt(level.getFileName().toString())));
            }
        }
        return bundles;
    }

    /** {@code etc/host.properties} with its placeholders replaced. */
    public Map<String, String> hostProperties(Path instance) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("etc/host.properties"))) {
            properties.load(reader);
        }
        Map<String, String> settings = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            settings.put(name, replaced(properties.getProperty(name), instance));
        }
        return settings;
    }

    private String replaced(String value, Path instance) {
        return PLACEHOLDER
                .matcher(value)
                .replaceAll(found -> Matcher.quoteReplacement(valueOf(found.group(1), instance)));
    }

    private String valueOf(String placeholder, Path instance) {
        return switch (placeholder) {
            case "app.home" -> home.toString();
            case "instance" -> instance.toString();
            default -> home.resolve(placeholder.replaceFirst("^file:", "")).toString();
        };
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }
}
