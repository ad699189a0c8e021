// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

class ErrorsPageTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `([A-Z_]+)` \\| (\\S.*\\S) \\| (\\S.*\\S) \\|");

    @Test
    void thePageListsEveryCodeOnceWithWhenAndWhatToDo() throws IOException {
        List<String> listed = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "errors.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) listed.add(row.group(1));
        }
        List<String> codes = new ArrayList<>();
        Arrays.stream(RequestErrorCode.values()).map(Enum::name).forEach(codes::add);
        Arrays.stream(RuntimeErrorCode.values()).map(Enum::name).forEach(codes::add);
        assertThat(listed).containsExactlyElementsOf(codes);
    }

    @Test
    void thePageTellsTheLimitsThatHold() throws IOException {
        Limits limits = Limits.STANDARD;
        assertThat(Files.readString(Path.of("..", "docs", "errors.md")))
                .contains(
                        "%d tokens, %d levels, %d aliases, %d root fields, %d points, 50 000 objects"
                                .formatted(
                                        limits.tokens(),
                                        limits.depth(),
                                        limits.aliases(),
                                        limits.rootFields(),
                                        limits.cost()))
                .contains("longer than " + limits.execution().toSeconds() + " seconds");
    }
}
