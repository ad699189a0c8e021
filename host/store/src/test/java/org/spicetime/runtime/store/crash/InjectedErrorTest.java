// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One file call fails: for each kind of error, the first, the second ... up to the n-th. With
 * {@code -Dtest.long=true} each of the first {@code -Dtest.calls}; {@code
 * -Dtest.rule=write@-wal:30:EIO} repeats one.
 */
class InjectedErrorTest {

    private static final long SEED = Seed.ofTest();
    private static final int MOST = Extent.of("calls", 50, 200);
    private static final int STEP = Extent.LONG ? 1 : 12;

    /** So many for a child, which may not take for ever. */
    private static final int RULES_OF_A_CHILD = 40;

    private final Progress progress = new Progress();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path temporary;

    @Test
    void an_error_of_any_call_loses_nothing_acknowledged_and_is_got_over() throws Exception {
        List<String> rules = new ArrayList<>();
        for (String kind :
                List.of(
                        "write:%d:EIO",
                        "write@-wal:%d:EIO",
                        "write@-wal:%d:ENOSPC",
                        "write@-wal:%d:short",
                        "read:%d:EIO")) {
            rules.addAll(each(kind));
        }
        boolean all = System.getProperty("test.rule", "").isBlank();
        if (all) {
            rules.add("write@-wal:30-70:ENOSPC");
            rules.add("write:60-160:EIO");
        }
        List<String> lines = run(rules);
        assertThat(lines).allMatch(line -> line.startsWith("ok "), "begins with ok");
        assertThat(lines).noneMatch(line -> line.contains("stopped"));
        if (all) {
            assertThat(lines).filteredOn(line -> !line.contains(" 0 refused")).isNotEmpty();
        }
    }

    @Test
    void a_failed_fsync_stops_the_store_and_loses_nothing_acknowledged() throws Exception {
        List<String> lines = run(each("fsync@-wal:%d:EIO"));
        assertThat(lines).allMatch(line -> line.startsWith("ok "), "begins with ok");
        assertThat(lines).filteredOn(line -> line.contains("stopped")).isNotEmpty();
    }

    private static List<String> each(String rule) {
        String asked = System.getProperty("test.rule", "");
        if (!asked.isBlank()) {
            return asked.startsWith(rule.substring(0, rule.indexOf(':') + 1))
                            && asked.endsWith(rule.substring(rule.lastIndexOf(':')))
                    ? List.of(asked)
                    : List.of();
        }
        return IntStream.iterate(1, n -> n <= MOST, n -> n + STEP)
                .mapToObj(rule::formatted)
                .toList();
    }

    private List<String> run(List<String> rules) throws Exception {
        Path library = FaultsLibrary.build(temporary);
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < rules.size(); from += RULES_OF_A_CHILD) {
            int to = Math.min(rules.size(), from + RULES_OF_A_CHILD);
            lines.addAll(runOfOneChild(library, rules.subList(from, to)));
            progress.at(() -> "%d of %d calls failed".formatted(to, rules.size()));
        }
        System.out.printf(
                "injected errors, seed %d: %d calls failed, %d times the store stopped, %d FAILED%n",
                SEED,
                lines.size(),
                lines.stream().filter(line -> line.contains("stopped")).count(),
                lines.stream().filter(line -> line.startsWith("FAILED")).count());
        return lines;
    }

    private List<String> runOfOneChild(Path library, List<String> rules) throws Exception {
        Path data = Files.createDirectory(temporary.resolve("data")).toRealPath();
        List<Object> arguments = new ArrayList<>(List.of(data, library, SEED));
        arguments.addAll(rules);
        try (ChildJvm child =
                ChildJvm.start(
                        temporary.resolve("output"),
                        ChildJvm.watched(library, data, ""),
                        InjectedErrors.class,
                        arguments.toArray())) {
            assertThat(child.await()).as(child.output()).isZero();
            List<String> lines =
                    child.output()
                            .lines()
                            .filter(line -> line.startsWith("ok ") || line.startsWith("FAILED "))
                            .toList();
            assertThat(lines).as(child.output()).hasSameSizeAs(rules);
            Folders.delete(data);
            return lines;
        }
    }
}
