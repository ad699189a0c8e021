// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @Test
    void optionsAreTakenInBothSpellings() throws Exception {
        Arguments arguments =
                Arguments.parse(
                        List.of(
                                "run",
                                "--port=0",
                                "--data",
                                "/x/../y",
                                "--host",
                                "::1",
                                "-Da.b=c=d"));

        assertThat(arguments.data()).contains(Path.of("/y"));
        assertThat(arguments.properties())
                .isEqualTo(Map.of(Arguments.PORT, "0", Arguments.HOST, "::1", "a.b", "c=d"));
    }

    @Test
    void aRelativeInstanceDirectoryIsThatOfTheWorkingDirectory() throws Exception {
        assertThat(Arguments.parse(List.of("run", "--data", "x")).data())
                .contains(Path.of("x").toAbsolutePath());
    }

    @Test
    void helpWinsOverEverythingElse() throws Exception {
        assertThat(Arguments.parse(List.of("run", "--nonsense", "--help")).help()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | the first word must be run",
                "walk                  | the first word must be run, was \"walk\"",
                "run --prot 1          | unknown option \"--prot\"",
                "run 8080              | unknown option \"8080\"",
                "run --port            | --port needs a value",
                "run --port=           | --port needs a value",
                "run --port 1 --port 2 | --port is given twice",
                "run -D=x              | -Dname=value",
                "run -Dx               | -Dname=value"
            })
    void aWrongCommandLineIsRefusedAsUsage(String line, String message) {
        List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" "));

        assertThatThrownBy(() -> Arguments.parse(words))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refused ->
                                assertThat(refused.exitCode())
                                        .isEqualTo(StartRefusedException.USAGE))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "99999999999999999999", "abc", "8080x", "٣", "1.5"})
    void aPortOutsideItsRangeIsRefusedWithTheRange(String port) {
        assertThatThrownBy(() -> Arguments.parse(List.of("run", "--port", port)))
                .hasMessage("--port must be a number from 0 to 65535, was \"" + port + "\".");
    }

    @Test
    void aShellIsThereOnlyWhenAskedFor() throws Exception {
        assertThat(Arguments.parse(List.of("run")).shell()).isFalse();
        assertThat(Arguments.parse(List.of("run", "--shell", "--port", "0")).shell()).isTrue();
    }
}
