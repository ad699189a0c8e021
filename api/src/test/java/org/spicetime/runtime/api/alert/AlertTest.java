// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.domain.AlertSeverity;

class AlertTest {
    private static final Instant RAISED = Instant.parse("2026-05-01T10:00:00Z");

    private static Alert alert(String code, String message, @Nullable Instant clearedAt) {
        return new Alert(
                UUID.randomUUID(),
                code,
                AlertSeverity.WARNING,
                null,
                message,
                Map.of(),
                RAISED,
                clearedAt);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "DR-MEM-1", "DR-M-0001", "dr-mem-0001", "DR-MEM-00010", "MEM-0001"})
    void aCodeHasOneForm(String code) {
        assertThatThrownBy(() -> alert(code, "text", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 digits, was \"" + code + '"');
    }

    @Test
    void aMessageIsASentence() {
        assertThatThrownBy(() -> alert("DR-MEM-0001", " ", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DR-MEM-0001");
    }

    @Test
    void itIsNotClearedBeforeItIsRaised() {
        assertThat(alert("DR-MEM-0001", "text", null).active()).isTrue();
        assertThat(alert("DR-MEM-0001", "text", RAISED).active()).isFalse();
        assertThatThrownBy(() -> alert("DR-MEM-0001", "text", RAISED.minusMillis(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be before");
    }

    @Test
    void itsDetailsStayAsTheyWere() {
        Map<String, Object> details = new HashMap<>(Map.of("file", "a.jar"));
        Alert alert =
                new Alert(
                        UUID.randomUUID(),
                        "DR-BUNDLE-0001",
                        AlertSeverity.WARNING,
                        null,
                        "text",
                        details,
                        RAISED,
                        null);
        details.clear();
        assertThat(alert.details()).containsEntry("file", "a.jar");
    }
}
