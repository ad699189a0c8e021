// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void whatCouldSteerATerminalIsShownAsCode() {
        assertThat(Text.printable("a\u001b[2Jb\nc\u202ed"))
                .isEqualTo("a\\u001b[2Jb\\u000ac\\u202ed");
        assertThat(Text.printable("Grüße 東京")).isEqualTo("Grüße 東京");
    }

    @Test
    void whatIsNotKnownIsADash() {
        assertThat(Text.printable(null)).isEqualTo("-");
        assertThat(Text.percent(OptionalDouble.empty())).isEqualTo("-");
        assertThat(Text.micros(OptionalDouble.empty())).isEqualTo("-");
        assertThat(Text.instant(null)).isEqualTo("-");
        assertThat(Text.millis(null)).isEqualTo("-");
    }

    @Test
    void numbersCarryTheirUnit() {
        assertThat(Text.bytes(0)).isEqualTo("0 B");
        assertThat(Text.bytes(1023)).isEqualTo("1023 B");
        assertThat(Text.bytes(64L << 20)).isEqualTo("64.0 MiB");
        assertThat(Text.bytes(Long.MAX_VALUE)).endsWith(" TiB");
        assertThat(Text.percent(OptionalDouble.of(0.125))).isEqualTo("12.5 %");
        assertThat(Text.millis(Duration.ofNanos(1_500_000))).isEqualTo("1.5 ms");
    }

    @Test
    void aTableIsAlignedAndOneLineForEachRow() {
        assertThat(new Table("A", "LONG").row("wide cell", 1).row(null, "x\ny").toString())
                .isEqualTo("A          LONG\nwide cell  1\n-          x\\u000ay");
        assertThat(new Table("A").orElse("nothing")).isEqualTo("nothing");
    }
}
