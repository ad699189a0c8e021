// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.spicetime.runtime.integrationtests.SourceTree;

/**
 * The examples of docs/jobs.md do what the text says: each is sent as it stands, in order, and what
 * is shown as its answer is part of the answer.
 */
@ExtendWith(SharedHost.class)
class JobsDocumentDistributionIT {

    private static final String DOMAIN = "jobs";

    /* An example, an answer, or a mark: until a task is in a phase. */
    private static final Pattern PART =
            Pattern.compile(
                    "```(graphql|json)\\n(.*?)```|<!-- until: (.+?) ([A-Z_]+) -->", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("\"<([^>]+)>\"");

    @Test
    void everyExampleIsAnsweredAsTheDocumentShows(GraphQl client) throws IOException {
        Matcher part = PART.matcher(Files.readString(SourceTree.root().resolve("docs/jobs.md")));
        int examples = 0;
        List<String> unshown = new ArrayList<>();
        GraphQl.@Nullable Answer answer = null;
        try {
            while (part.find()) {
                if (part.group(3) != null) {
                    awaitPhase(client, part.group(3), part.group(4));
                } else if (part.group(1).equals("graphql")) {
                    requireData(answer, unshown);
                    String example = named(client, part.group(2));
                    answer = client.send(example, Map.of());
                    unshown.add(example);
                    examples++;
                } else {
                    assertThat(answer).as("an example before %s", part.group(2)).isNotNull();
                    requireShown(GraphQl.parse(part.group(2)), answer);
                    unshown.clear();
                }
            }
            requireData(answer, unshown);
        } finally {
            client.send(
                    "mutation { deleteDomain(domainId: \"jobs\", force: true) { domainId } }",
                    Map.of());
        }
        assertThat(examples).isGreaterThan(15);
    }

    private static void requireData(GraphQl.@Nullable Answer answer, List<String> unshown) {
        if (answer != null && !unshown.isEmpty()) {
            assertThat(answer.data()).as("%s", unshown).isNotEmpty();
        }
        unshown.clear();
    }

    /* What is shown is the data, or begins with the errors. */
    private static void requireShown(JsonNode shown, GraphQl.Answer answer) {
        JsonNode told = shown.has("errors") ? answer.body() : answer.data();
        if (shown.has("errors")) answer.error();
        requirePart("", shown, told, answer.text());
    }

    private static void requirePart(String path, JsonNode shown, JsonNode told, String answer) {
        if (shown.isObject()) {
            shown.properties()
                    .forEach(member ->
                            requirePart(
                                    path + "/" + member.getKey(),
                                    member.getValue(),
                                    told.path(member.getKey()),
                                    answer));
        } else if (shown.isArray()) {
            assertThat(told).as("%s of %s", path, answer).hasSameSizeAs(shown);
            for (int i = 0; i < shown.size(); i++) {
                requirePart(path + "/" + i, shown.get(i), told.path(i), answer);
            }
        } else {
            assertThat(told).as("%s of %s", path, answer).isEqualTo(shown);
        }
    }

    private static void awaitPhase(GraphQl client, String name, String phase) {
        String task = idOf(client, name);
        await().atMost(GraphQl.LIMIT)
                .until(() ->
                        client.data(
                                        "query($id: ID!) { task(id: $id) { phase } }",
                                        Map.of("id", task))
                                .at("/task/phase")
                                .asText()
                                .equals(phase));
    }

    /** The example with ids in the place of names. */
    private static String named(GraphQl client, String example) {
        Map<String, String> ids = new HashMap<>();
        return NAME.matcher(example)
                .replaceAll(name ->
                        "\"" + ids.computeIfAbsent(name.group(1), one -> idOf(client, one)) + "\"");
    }

    private static String idOf(GraphQl client, String name) {
        JsonNode found =
                client.data(
                        "query($d: ID!, $n: String!) { schedules(domainId: $d) { id name }"
                                + " tasksConnection(domainId: $d, first: 9, filter: {nameContains: $n})"
                                + " { nodes { id name } } }",
                        Map.of("d", DOMAIN, "n", name));
        for (JsonNode list : List.of(found.at("/tasksConnection/nodes"), found.path("schedules"))) {
            for (JsonNode one : list) {
                if (one.path("name").asText().equals(name)) return one.path("id").asText();
            }
        }
        throw new AssertionError("nothing is named " + name + ": " + found);
    }
}
