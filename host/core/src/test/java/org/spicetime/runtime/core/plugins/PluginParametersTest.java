// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.memory.Geometry;

final class PluginParametersTest {

    private final PluginRegistry registry =
            new PluginRegistry(InstantSource.system(), Duration.ofSeconds(30));
    private final Plugins.Factory factory =
            new Plugins.Factory(
                    "MINE",
                    OptionSpec.flag("strict", true, "Whether."),
                    OptionSpec.number("depth", 4, 1, 9, "tasks", "How deep."),
                    OptionSpec.ratio("share", 0.5, 0, 1, "Share."),
                    OptionSpec.duration(
                            "slice",
                            Duration.ofMillis(5),
                            Duration.ZERO,
                            Duration.ofSeconds(1),
                            "Slice."),
                    OptionSpec.choice("mode", "a", List.of("a", "b"), "Mode."));

    @BeforeEach
    void deploy() {
        registry.addPolicy(factory, PluginOrigin.of("test.bundle", "1.0.0"));
    }

    private Options given(Map<String, Object> parameters) {
        registry.policy("MINE").orElseThrow().create(Plugins.CONTEXT, parameters);
        Options given = factory.given;
        assertThat(given).isNotNull();
        return given;
    }

    private RefusedException refusal(String name, @Nullable Object value) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put(name, value);
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> given(parameters));
        assertThat(refused).isNotNull();
        assertThat(refused.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
        assertThat(refused.details()).containsEntry("field", "scheduler.parameters." + name);
        return refused;
    }

    @Test
    void defaultsAreFilledIn() {
        Options given = given(Map.of());
        assertThat(given.flag("strict")).isTrue();
        assertThat(given.number("depth")).isEqualTo(4);
        assertThat(given.ratio("share")).isEqualTo(0.5);
        assertThat(given.duration("slice")).isEqualTo(Duration.ofMillis(5));
        assertThat(given.text("mode")).isEqualTo("a");
    }

    @Test
    void numbersComeInAnyBox() {
        assertThat(given(Map.of("depth", new BigDecimal("7.0"))).number("depth")).isEqualTo(7);
        assertThat(given(Map.of("depth", BigInteger.TWO)).number("depth")).isEqualTo(2);
        assertThat(given(Map.of("depth", 3.0)).number("depth")).isEqualTo(3);
        assertThat(given(Map.of("share", 1)).ratio("share")).isEqualTo(1.0);
        assertThat(given(Map.of("slice", 0.25)).duration("slice"))
                .isEqualTo(Duration.ofNanos(250_000));
        assertThat(given(Map.of("slice", Duration.ofMillis(9))).duration("slice"))
                .isEqualTo(Duration.ofMillis(9));
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsFieldAndRange() {
        assertThat(refusal("depth", 10)).hasMessageContaining("1 .. 9").hasMessageContaining("10");
        assertThat(refusal("depth", 1.5)).hasMessageContaining("whole number");
        assertThat(refusal("depth", "4")).hasMessageContaining("whole number");
        assertThat(refusal("depth", new BigDecimal("1e999999999"))).hasMessageContaining("1 .. 9");
        assertThat(refusal("depth", new BigInteger("9".repeat(40)))).hasMessageContaining("1 .. 9");
        assertThat(refusal("share", Double.NaN)).hasMessageContaining("a number");
        assertThat(refusal("share", -0.1)).hasMessageContaining("0.0 .. 1.0");
        assertThat(refusal("slice", 1001)).hasMessageContaining("0 .. 1000");
        assertThat(refusal("slice", -1)).hasMessageContaining("milliseconds");
        assertThat(refusal("strict", "true")).hasMessageContaining("true or false");
        assertThat(refusal("mode", "c")).hasMessageContaining("one of a, b");
        assertThat(refusal("mode", List.of())).hasMessageContaining("one of a, b");
        assertThat(refusal("dept", 1)).hasMessageContaining("strict, depth, share");
    }

    @Test
    void readingAnUndeclaredOptionIsAMistakeOfThePlugin() {
        Options given = given(Map.of());
        assertThatThrownBy(() -> given.number("nothing")).hasMessageContaining("nothing");
        assertThatThrownBy(() -> given.flag("depth")).hasMessageContaining("depth");
    }

    @Test
    void theFallbacksTakeNoParameters() {
        assertThatThrownBy(() ->
                        registry.policy("SAFE_FIFO")
                                .orElseThrow()
                                .create(Plugins.CONTEXT, Map.of("x", 1)))
                .hasMessageContaining("scheduler.parameters.x");
        AllocatorPlugin firstFit = registry.allocator("FIRST_FIT").orElseThrow();
        long granule = firstFit.descriptor().granuleBytes();
        Geometry geometry = new Geometry(granule, 4 << 20, 1 << 20);
        assertThat(firstFit.create(geometry, Map.of())).isNotNull();
        assertThatThrownBy(() -> firstFit.create(geometry, Map.of("x", 1)))
                .hasMessageContaining("memory.parameters.x");
    }

    @Test
    void aHandlerChecksAndRunsItsPayload() throws Exception {
        registry.addHandler(new Plugins.Greeter("greet"), PluginOrigin.of("b", "1"));
        HandlerPlugin handler = registry.handler("greet").orElseThrow();
        handler.check(null);
        handler.check(Payload.json("{\"name\": \"you\"}"));
        assertThatThrownBy(() -> handler.check(Payload.json("{\"nome\": 1}")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("payload.nome");
        assertThat(handler.invoke(Payload.json("{\"name\": \"you\"}"), Contexts.none()))
                .isEqualTo(Payload.json("{\"text\":\"hello you\"}"));
    }
}
