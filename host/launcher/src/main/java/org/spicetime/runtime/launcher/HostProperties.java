// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of launcher and framework: {@code etc/host.properties} of the installation, then of
 * the instance, then the command line, the later winning. Called by one thread at a time.
 *
 * <p>Values may hold <code>${app.home}</code>, <code>${instance}</code> and <code>${file:etc/NAME}
 * </code>, the last being that file of the instance where it exists and of the installation
 * otherwise.
 */
final class HostProperties {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
    private static final Path FILE = Path.of("etc", "host.properties");

    private final Path home;
    private final Path instance;

    HostProperties(Path home, Path instance) {
        this.home = home;
        this.instance = instance;
    }

    Map<String, String> load(Map<String, String> commandLine) throws StartRefusedException {
        Path shipped = home.resolve(FILE);
        if (!Files.isRegularFile(shipped)) {
            throw StartRefusedException.failed(
                    shipped + " is missing, so the installation is incomplete; unpack it again.");
        }
        Map<String, String> settings = new TreeMap<>();
        addAll(shipped, settings);
        Path override = instance.resolve(FILE);
        if (Files.exists(override)) {
            addAll(override, settings);
        }
        for (Map.Entry<String, String> entry : commandLine.entrySet()) {
            settings.put(
                    entry.getKey(), replaced(entry.getKey(), entry.getValue(), "the command line"));
        }
        return settings;
    }

    private void addAll(Path file, Map<String, String> settings) throws StartRefusedException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (CharacterCodingException e) {
            throw StartRefusedException.failed(file + " is not UTF-8 text; save it as UTF-8.", e);
        } catch (IllegalArgumentException e) {
            throw StartRefusedException.failed(
                    file
                            + " is not a properties file: "
                            + e.getMessage()
                            + " Correct the escape sequence.",
                    e);
        } catch (IOException e) {
            throw StartRefusedException.failed(
                    "cannot read " + file + ": " + Sentence.of(e) + ".", e);
        }
        for (String name : properties.stringPropertyNames()) {
            settings.put(name, replaced(name, properties.getProperty(name), file.toString()));
        }
    }

    private String replaced(String name, String value, String origin) throws StartRefusedException {
        Matcher matcher = PLACEHOLDER.matcher(value);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(
                    result, Matcher.quoteReplacement(valueOf(matcher.group(1), name, origin)));
        }
        return matcher.appendTail(result).toString();
    }

    private String valueOf(String placeholder, String name, String origin)
            throws StartRefusedException {
        if (placeholder.equals("app.home")) {
            return home.toString();
        }
        if (placeholder.equals("instance")) {
            return instance.toString();
        }
        if (placeholder.startsWith("file:")) {
            String relative = placeholder.substring("file:".length());
            Path own = instance.resolve(relative);
            return (Files.exists(own) ? own : home.resolve(relative)).toString();
        }
        throw StartRefusedException.failed(
                origin
                        + ": the value of "
                        + name
                        + " holds ${"
                        + placeholder
                        + "}; known are ${app.home}, ${instance} and ${file:PATH}.");
    }
}
