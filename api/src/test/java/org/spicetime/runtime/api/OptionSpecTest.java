// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionSpecTest {

    private static final OptionSpec LEVELS =
            OptionSpec.number("levels", 8, 1, 64, "levels", "How many levels.");

    @Test
    void aValueInRangeIsTaken() {
        assertThat(LEVELS.check(1L)).isEqualTo(1L);
        assertThat(LEVELS.check(64L)).isEqualTo(64L);
    }

    @Test
    void smallerIntegersAreWidened() {
        assertThat(LEVELS.check(12)).isEqualTo(12L);
        assertThat(OptionSpec.ratio("load", 0.5, 0, 1, "Load.").check(1)).isEqualTo(1.0);
    }

    @Test
    void aRefusalNamesOptionValueAndRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LEVELS.check(65L))
                .withMessageContaining("levels")
                .withMessageContaining("65")
                .withMessageContaining("1 to 64");
    }

    @Test
    void aValueOfAnotherTypeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LEVELS.check("8"))
                .withMessageContaining("must be of type NUMBER");
        assertThatIllegalArgumentException().isThrownBy(() -> LEVELS.check(1.5));
    }

    @Test
    void aDefaultOutOfRangeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OptionSpec.number("n", 9, 1, 8, "", "N."))
                .withMessageContaining("default 9 is out of range (1 to 8)");
    }

    @Test
    void anEmptyRangeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OptionSpec.number("n", 9, 9, 8, "", "N."))
                .withMessageContaining("empty range");
    }

    @Test
    void ratiosAreFinite() {
        OptionSpec ratio = OptionSpec.ratio("r", 0.5, 0, 1, "R.");
        assertThatIllegalArgumentException().isThrownBy(() -> ratio.check(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OptionSpec.ratio("r", 0, 0, Double.POSITIVE_INFINITY, "R."));
    }

    @Test
    void durationsAreNotNegative() {
        OptionSpec span =
                OptionSpec.duration(
                        "span",
                        Duration.ofMillis(5),
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        "A span.");
        assertThat(span.check(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThatIllegalArgumentException().isThrownBy(() -> span.check(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> span.check(Duration.ofSeconds(2)));
    }

    @Test
    void aTextWithChoicesIsOneOfThem() {
        OptionSpec choice = OptionSpec.choice("mode", "soft", List.of("soft", "hard"), "Mode.");
        assertThat(choice.check("hard")).isEqualTo("hard");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choice.check("firm"))
                .withMessageContaining("[soft, hard]");
        assertThat(OptionSpec.text("note", "", "Note.").check("anything")).isEqualTo("anything");
    }

    @Test
    void flagsAndTextsHaveNoRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new OptionSpec(
                                "on",
                                OptionType.FLAG,
                                true,
                                Optional.of(true),
                                Optional.empty(),
                                "",
                                List.of(),
                                "On."))
                .withMessageContaining("cannot have a range");
    }

    @Test
    void onlyTextsHaveChoices() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new OptionSpec(
                                "n",
                                OptionType.NUMBER,
                                1L,
                                Optional.empty(),
                                Optional.empty(),
                                "",
                                List.of("1"),
                                "N."))
                .withMessageContaining("cannot have choices");
    }

    @Test
    void namesAndDescriptionsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OptionSpec.flag("not a name", true, "F."));
        assertThatIllegalArgumentException().isThrownBy(() -> OptionSpec.flag("f", true, " "));
        assertThat(OptionSpec.flag("f", true, "F.").check(false)).isEqualTo(false);
    }
}
