// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.spicetime.runtime.integrationtests.BundleJar;

/** The folder {@code deploy/} of a host, and what the host tells of it. Called by one thread. */
final class DeployFolder {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path folder;
    private final GraphQl client;

    DeployFolder(HostProcess host, GraphQl client) {
        folder = host.data().resolve("deploy");
        this.client = client;
    }

    /** Puts a file in place at once, as one should. */
    void drop(String name, BundleJar jar) {
        drop(name, jar.bytes());
    }

    void drop(String name, byte[] bytes) {
        try {
            Path hidden = folder.resolve("." + name + ".new");
            Files.write(hidden, bytes);
            Files.move(
                    hidden,
                    folder.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(String name) {
        try {
            Files.delete(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Waits until the catalogue of policies names it, or does not. */
    void awaitPolicy(String name, boolean there) {
        await("policy " + name + (there ? "" : " gone"))
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> offers("schedulingPolicies", name) == there);
    }

    void awaitAllocator(String name, boolean there) {
        await("allocator " + name + (there ? "" : " gone"))
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> offers("allocators", name) == there);
    }

    private boolean offers(String list, String name) {
        return stream(client.data("{ " + list + " { name available } }").path(list))
                .anyMatch(entry ->
                        entry.path("name").asText().equals(name)
                                && entry.path("available").asBoolean());
    }

    /** Waits until an enum of the schema has this value, or has not. */
    void awaitEnumValue(String type, String value, boolean there) {
        String query = "{ __type(name: \"" + type + "\") { enumValues { name } } }";
        await(value + " of " + type)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() ->
                        stream(client.data(query).at("/__type/enumValues"))
                                        .anyMatch(seen -> seen.path("name").asText().equals(value))
                                == there);
    }

    /** Waits until the host tells this of a bundle, in JSON. */
    void awaitBundle(String symbolicName, String told) {
        String query =
                "{ bundles { symbolicName version state core sha256 contributions { name } problems"
                        + " } }";
        String wanted = "{\"symbolicName\":\"" + symbolicName + "\"," + told.substring(1);
        await(wanted)
                .atMost(LIMIT)
                .until(() ->
                        stream(client.data(query).path("bundles"))
                                .anyMatch(bundle -> bundle.toString().equals(wanted)));
    }

    /** What the health of the host says of a component; empty: it does not name it. */
    String health(String component) {
        return stream(
                        client.data("{ systemHealth { components { name message } } }")
                                .at("/systemHealth/components"))
                .filter(seen -> seen.path("name").asText().equals(component))
                .map(seen -> seen.path("message").asText())
                .findFirst()
                .orElse("");
    }

    /** Waits until the health of the host says this of a component. */
    String awaitHealth(String component, String part) {
        await(component + " with \"" + part + "\"")
                .atMost(LIMIT)
                .until(() -> health(component).contains(part));
        return health(component);
    }

    void awaitWell(String component) {
        await(component + " is well").atMost(LIMIT).until(() -> health(component).isEmpty());
    }

    private static java.util.stream.Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
