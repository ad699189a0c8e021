// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.provisioning;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.core.payload.Json;

/**
 * Reads {@code etc/domains/<id>.json}: an object with {@code name}, {@code description}, {@code
 * labels}, {@code start} and {@code config}, the last in the shape of a {@link ConfigPatch}. A file
 * of the instance replaces the one of the same name of the installation. Thread-safe.
 */
public final class ProvisionedDomains {

    private static final Set<String> MEMBERS =
            Set.of("name", "description", "labels", "start", "config");
    private static final String SUFFIX = ".json";
    private static final long LARGEST = 256 * 1024;

    private ProvisionedDomains() {}

    /**
     * All files, ordered by name.
     *
     * @param directories the installation, then the instance
     */
    public static List<ProvisionedFile> read(List<Path> directories) {
        Map<String, Path> byName = new TreeMap<>();
        List<ProvisionedFile> files = new ArrayList<>();
        for (Path directory : directories) {
            Path domains = directory.resolve("etc").resolve("domains");
            try (DirectoryStream<Path> found = Files.newDirectoryStream(domains, "*" + SUFFIX)) {
                found.forEach(file -> byName.put(String.valueOf(file.getFileName()), file));
            } catch (NoSuchFileException none) {
                // Most instances provision no domains of their own.
            } catch (IOException unreadable) {
                files.add(
                        new ProvisionedFile.Unreadable(
                                domains, domains + " cannot be listed: " + cause(unreadable)));
            }
        }
        byName.values().forEach(file -> files.add(read(file)));
        return files;
    }

    private static ProvisionedFile read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                return unreadable(file, "it has more than " + LARGEST + " bytes");
            }
            if (Json.read(Files.readAllBytes(file), "content") instanceof Map<?, ?> members) {
                return new ProvisionedFile.Described(file, spec(file, byName(members)));
            }
            return unreadable(file, "it must hold a JSON object");
        } catch (IOException e) {
            return unreadable(file, cause(e));
        } catch (IllegalArgumentException | RefusedException unfit) {
            return unreadable(file, String.valueOf(unfit.getMessage()));
        }
    }

    private static DomainSpec spec(Path file, Map<String, @Nullable Object> members) {
        for (String member : members.keySet()) {
            if (!MEMBERS.contains(member)) {
                throw new IllegalArgumentException(
                        "there is no member \""
                                + member
                                + "\"; the members are "
                                + String.join(", ", MEMBERS.stream().sorted().toList()));
            }
        }
        String name = String.valueOf(file.getFileName());
        return new DomainSpec(
                DomainId.of(name.substring(0, name.length() - SUFFIX.length())),
                text(members, "name"),
                text(members, "description"),
                labels(members.get("labels")),
                config(members.get("config")),
                flag(members.get("start")));
    }

    private static @Nullable String text(Map<String, @Nullable Object> members, String member) {
        Object value = members.get(member);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new IllegalArgumentException(member + " must be a text, was " + value);
    }

    private static boolean flag(@Nullable Object value) {
        if (value == null) {
            return true;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new IllegalArgumentException("start must be true or false, was " + value);
    }

    private static Map<String, String> labels(@Nullable Object value) {
        Map<String, String> labels = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> members) {
            members.forEach((name, text) -> labels.put(String.valueOf(name), String.valueOf(text)));
        } else if (value != null) {
            throw new IllegalArgumentException("labels must be an object of texts, was " + value);
        }
        return labels;
    }

    @SuppressWarnings(
            "NullAway") // the class file of the record does not tell that values may be null
    private static ConfigPatch config(@Nullable Object value) {
        if (value == null) {
            return ConfigPatch.NONE;
        }
        if (value instanceof Map<?, ?> members) {
            return new ConfigPatch(byName(members));
        }
        throw new IllegalArgumentException("config must be an object, was " + value);
    }

    private static Map<String, @Nullable Object> byName(Map<?, ?> members) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        members.forEach((name, member) -> named.put(String.valueOf(name), member));
        return named;
    }

    private static ProvisionedFile unreadable(Path file, String why) {
        return new ProvisionedFile.Unreadable(file, file + " is not used: " + why);
    }

    private static String cause(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "")
                + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")");
    }
}
