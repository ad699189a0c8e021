// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.TaskType;

class SettingsTest {

    @Test
    void pathsBecomeNestedMembersWithTypedValues() {
        assertThat(
                        Settings.patch("a.b=1", "a.c=x", "d=1.5", "e=true", "f=[1, two]", "g=[]")
                                .values())
                .isEqualTo(
                        Map.of(
                                "a", Map.of("b", 1L, "c", "x"),
                                "d", 1.5,
                                "e", true,
                                "f", Arrays.asList(1L, "two"),
                                "g", List.of()));
    }

    @Test
    void nullRestoresADefault() {
        assertThat(Settings.patch("a=null").values()).containsEntry("a", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "=1", "", "a.b"})
    void whatIsNoSettingIsRefused(String setting) {
        assertThatThrownBy(() -> Settings.patch(setting)).isInstanceOf(RefusedException.class);
    }

    @Test
    void aPathMayBeSetOnce() {
        assertThatThrownBy(() -> Settings.patch("a=1", "a=2")).hasMessageContaining("set twice");
        assertThatThrownBy(() -> Settings.patch("a=1", "a.b=2")).hasMessageContaining("set twice");
        assertThatThrownBy(() -> Settings.patch("a.b=1", "a=2")).hasMessageContaining("set twice");
    }

    @Test
    void aChoiceIsKnownInEitherCaseAndNamesTheOthers() {
        assertThat(Settings.choice(TaskType.class, "type", "io")).isEqualTo(TaskType.IO);
        assertThatThrownBy(() -> Settings.choice(TaskType.class, "type", "odd"))
                .hasMessage("type: \"odd\" is none of COMPUTATION, IO, NETWORK, MAINTENANCE");
    }
}
