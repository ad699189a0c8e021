// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every row of the table of features in docs/jobs.md names tests that there are. */
class FeatureTableTest {

    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");
    private static final int ROWS = 19;

    @Test
    void everyFeatureNamesItsTests() throws IOException {
        String document = Files.readString(SourceTree.root().resolve("docs/jobs.md"));
        List<String> rows =
                document.substring(document.indexOf("| tested by |"))
                        .lines()
                        .skip(2)
                        .filter(line -> line.startsWith("|"))
                        .toList();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(ROWS);
        List<Path> sources = sources();
        List<String> missing = new ArrayList<>();
        for (String row : rows) {
            Matcher test = TEST.matcher(row.substring(row.lastIndexOf('|', row.length() - 2)));
            boolean named = false;
            while (test.find()) {
                named = true;
                if (!declares(sources, test.group(1) + ".java", test.group(2))) {
                    missing.add(test.group());
                }
            }
            if (!named) missing.add(row);
        }
        assertThat(missing).isEmpty();
    }

    private static boolean declares(List<Path> sources, String file, String method)
            throws IOException {
        Pattern declared = Pattern.compile("\\bvoid " + method + "\\(");
        for (Path source : sources) {
            if (source.getFileName().toString().equals(file)
                    && declared.matcher(Files.readString(source)).find()) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String family : List.of("api", "host", "graphql-bundle", "distribution")) {
            try (Stream<Path> files = Files.walk(SourceTree.root().resolve(family))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.toString().contains("/target/"))
                        .forEach(sources::add);
            }
        }
        return sources;
    }
}
