// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "ethical-scoring", "A.b_c-D", "x."})
    void namesWithinTheGrammarAreTaken(String text) {
        assertThat(DomainId.of(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " a", "-a", ".a", "_a", "a b", "a/b", "a..b", "ä", "a\n", "a\u0000"})
    void namesOutsideTheGrammarAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DomainId.of(text))
                .withMessageContaining("domain id must");
    }

    @Test
    void theLongestNameHas128Characters() {
        assertThat(DomainId.of("a".repeat(128)).value()).hasSize(128);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DomainId.of("a".repeat(129)))
                .withMessageContaining("129 characters");
    }

    @Test
    void aNameThatLooksLikeAUuidIsRefused() {
        String uuid = new UUID(1, 2).toString();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DomainId.of(uuid))
                .withMessageContaining("must not look like a UUID");
        assertThat(DomainId.of(uuid + "x").value()).isEqualTo(uuid + "x");
    }

    @Test
    void aRefusalDoesNotRepeatControlCharacters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DomainId.of("a\n\u001b[31m"))
                .withMessageContaining("a??[31m");
    }

    @Test
    void aHostNeedsANameOfTheSameAlphabet() {
        assertThat(new HostRef("node-1", new UUID(1, 1)).id()).isEqualTo("node-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostRef("node 1", new UUID(1, 1)))
                .withMessageContaining("host id must match");
    }
}
