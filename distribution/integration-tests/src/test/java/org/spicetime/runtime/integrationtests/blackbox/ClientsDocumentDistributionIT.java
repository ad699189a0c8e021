// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spicetime.runtime.integrationtests.SourceTree;

/** The programs of docs/clients run as they stand, against the real host. */
@ExtendWith(SharedHost.class)
class ClientsDocumentDistributionIT {

    private static final Path PAGES = SourceTree.root().resolve("docs/clients");
    private static final Pattern PROGRAM =
            Pattern.compile("```(sh|js|java)\\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @CsvSource({
        "curl, scheduleTask|GRAPHQL_VALIDATION_FAILED|304",
        "graphql-ws, COMPLETED",
        "graphql-sse, COMPLETED",
        "apollo, COMPLETED",
        "urql, COMPLETED",
        "java, COMPLETED"
    })
    void aPageIsOneProgramThatRuns(String page, String said, HostProcess host)
            throws IOException, InterruptedException {
        Path folder =
                Files.createTempDirectory(
                        Files.createDirectories(Path.of("target/blackbox").toAbsolutePath()), page);
        StringBuilder all = new StringBuilder();
        String language = "";
        Matcher part = PROGRAM.matcher(Files.readString(PAGES.resolve(page + ".md")));
        while (part.find()) {
            language = part.group(1);
            all.append(part.group(2));
        }
        Node.Ended ended =
                Node.run(
                        folder,
                        Map.of("HOST", host.url().toString(), "TOKEN", host.token()),
                        command(language, folder, all.toString()));
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("content-processing").contains(said.split("\\|"));
    }

    private static List<String> command(String language, Path folder, String program)
            throws IOException, InterruptedException {
        return switch (language) {
            case "sh" -> {
                Path file = Files.writeString(folder.resolve("example.sh"), program);
                yield List.of("bash", "-e", file.toString());
            }
            case "js" -> {
                Node.install();
                Files.createSymbolicLink(folder.resolve("node_modules"), Node.MODULES);
                Path file = Files.writeString(folder.resolve("example.mjs"), program);
                yield List.of("node", file.toString());
            }
            case "java" -> {
                Path file = Files.writeString(folder.resolve("Watch.java"), program);
                yield List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        file.toString());
            }
            default -> throw new AssertionError("no program: " + language);
        };
    }

    @Test
    void everyPageIsListed() throws IOException {
        String readme = Files.readString(PAGES.resolve("README.md"));
        try (Stream<Path> pages = Files.list(PAGES)) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .hasSize(7)
                    .allSatisfy(page -> {
                        if (!page.equals("README.md"))
                            assertThat(readme).contains("(" + page + ")");
                    });
        }
    }
}
