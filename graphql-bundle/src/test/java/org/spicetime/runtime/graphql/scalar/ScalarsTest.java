// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.Field;
import graphql.language.OperationDefinition;
import graphql.language.Value;
import graphql.parser.Parser;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.CoercingSerializeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarsTest {
    private static final DateTimeFormatter UTC =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 3, 9, true)
                    .appendLiteral('Z')
                    .toFormatter(Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static Coercing<?, ?> scalar(String name) {
        return Stream.concat(Scalars.all().stream(), Stream.of(Scalars.id()))
                .filter(scalar -> scalar.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getCoercing();
    }

    private static @Nullable Object variable(String scalar, Object value) {
        return scalar(scalar).parseValue(value, GraphQLContext.getDefault(), Locale.ROOT);
    }

    private static @Nullable Object literal(String scalar, String text) {
        return scalar(scalar)
                .parseLiteral(
                        argument(text),
                        CoercedVariables.of(Map.of("v", "text")),
                        GraphQLContext.getDefault(),
                        Locale.ROOT);
    }

    // Only in a document may a value hold variables.
    private static Value<?> argument(String text) {
        OperationDefinition operation =
                Parser.parse("query($v: String) { f(a: " + text + ") }")
                        .getDefinitionsOfType(OperationDefinition.class)
                        .getFirst();
        Field field = (Field) operation.getSelectionSet().getSelections().getFirst();
        return field.getArguments().getFirst().getValue();
    }

    private static @Nullable Object written(String scalar, Object value) {
        return scalar(scalar).serialize(value, GraphQLContext.getDefault(), Locale.ROOT);
    }

    private static void refused(String scalar, Object value) {
        assertThatExceptionOfType(CoercingParseValueException.class)
                .isThrownBy(() -> variable(scalar, value));
    }

    @Test
    void bigIntsAreReadAsNumbersAndAsStrings() {
        assertThat(variable("BigInt", 5)).isEqualTo(5L);
        assertThat(variable("BigInt", "-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(variable("BigInt", new BigDecimal("1e3"))).isEqualTo(1000L);
        assertThat(variable("BigInt", 2.0)).isEqualTo(2L);
        assertThat(literal("BigInt", "9223372036854775808"))
                .isEqualTo(new BigInteger("9223372036854775808"));
        assertThat(literal("BigInt", "\"17\"")).isEqualTo(17L);
    }

    @Test
    void bigIntsAreWrittenAsNumbersWhileEveryClientHoldsThem() {
        long largest = (1L << 53) - 1;
        assertThat(written("BigInt", largest)).isEqualTo(largest);
        assertThat(written("BigInt", -largest)).isEqualTo(-largest);
        assertThat(written("BigInt", largest + 1)).isEqualTo("9007199254740992");
        assertThat(written("BigInt", Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+1", "01", "1.0", "1e3", "0x10", " 1", "1 ", "٣", "NaN", "--1"})
    void otherTextsAreNoBigInts(String text) {
        refused("BigInt", text);
    }

    @Test
    @Timeout(5)
    void anExponentIsBoundedBeforeAnyArithmetic() {
        refused("BigInt", new BigDecimal("1e999999999"));
        refused("BigInt", new BigDecimal("1e-999999999"));
        refused("BigInt", "9".repeat(100_000));
        refused("BigInt", Double.POSITIVE_INFINITY);
        refused("BigInt", Double.NaN);
        refused("BigInt", 1e300);
        assertThatExceptionOfType(CoercingParseLiteralException.class)
                .isThrownBy(() -> literal("BigInt", "1e999999999"));
    }

    @Test
    void instantsAreReadWithAnyOffsetAndWrittenInUtc() {
        Instant noon = Instant.parse("2026-01-31T12:00:00Z");
        assertThat(variable("DateTime", "2026-01-31T12:00:00Z")).isEqualTo(noon);
        assertThat(variable("DateTime", "2026-01-31t13:00:00.000+01:00")).isEqualTo(noon);
        assertThat(literal("DateTime", "\"2026-01-31T07:30:00-04:30\"")).isEqualTo(noon);
        assertThat(written("DateTime", noon)).isEqualTo("2026-01-31T12:00:00.000Z");
        assertThat(written("DateTime", noon.plusNanos(1_234_567)))
                .isEqualTo("2026-01-31T12:00:00.001234567Z");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            // Some thousand years to both sides, and each number of digits.
            int unit = (int) Math.pow(10, random.nextInt(10));
            int nanos = random.nextInt(1_000_000_000) / unit * unit;
            long second = random.nextLong(-400_000_000_000L, 400_000_000_000L);
            Instant any = Instant.ofEpochSecond(second, nanos);
            assertThat(written("DateTime", any)).as("seed %d", seed).isEqualTo(UTC.format(any));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-31",
                "2026-01-31T12:00:00",
                "2026-02-30T12:00:00Z",
                "2026-01-31T24:00:01Z",
                "2026-01-31T12:00:00+25:00",
                "+12026-01-31T12:00:00Z",
                "1769860800000"
            })
    void otherTextsAreNoInstants(String text) {
        refused("DateTime", text);
        refused("DateTime", 5);
    }

    @Test
    void labelsAreStringsWithinBounds() {
        assertThat(variable("Labels", Map.of("a", "b"))).isEqualTo(Map.of("a", "b"));
        assertThat(literal("Labels", "{team: \"ethics\", v: $v}"))
                .isEqualTo(Map.of("team", "ethics", "v", "text"));
        refused("Labels", Map.of("a", 1));
        refused("Labels", Collections.singletonMap("a", null));
        refused("Labels", Map.of("", "b"));
        refused("Labels", Map.of("x".repeat(64), "b"));
        refused("Labels", Map.of("a", "x".repeat(256)));
        refused("Labels", List.of());
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 33; i++) many.put("k" + i, "v");
        refused("Labels", many);
    }

    @Test
    void jsonIsAnyValueWithVariablesInside() {
        assertThat(literal("JSON", "{a: [1, 2.5, true, null, X, $v], b: {c: \"d\"}}"))
                .hasToString("{a=[1, 2.5, true, null, X, text], b={c=d}}");
        assertThat(variable("JSON", List.of(1, "x"))).isEqualTo(List.of(1, "x"));
        refused("JSON", Map.of("a", List.of(Double.POSITIVE_INFINITY)));
    }

    @Test
    void jsonIsWrittenInPlainValues() {
        assertThat(
                        written(
                                "JSON",
                                Map.of(
                                        "span",
                                        Duration.ofSeconds(5),
                                        "kind",
                                        Locale.Category.DISPLAY,
                                        "bad",
                                        Double.NaN)))
                .isEqualTo(Map.of("span", "PT5S", "kind", "DISPLAY", "bad", "NaN"));
    }

    @Test
    void aValueOfAnotherKindIsADefect() {
        for (String scalar : List.of("BigInt", "DateTime", "Labels")) {
            assertThatExceptionOfType(CoercingSerializeException.class)
                    .isThrownBy(() -> written(scalar, Duration.ZERO));
        }
    }

    @Test
    void anIdIsAStringOrAnInteger() {
        assertThat(variable("ID", "a")).isEqualTo("a");
        assertThat(variable("ID", 5)).isEqualTo("5");
        assertThat(literal("ID", "\"a\"")).isEqualTo("a");
        assertThat(literal("ID", "5")).isEqualTo("5");
        for (Object wrong : List.of(true, 1.5, Map.of(), List.of())) {
            assertThatExceptionOfType(CoercingParseValueException.class)
                    .isThrownBy(() -> variable("ID", wrong));
        }
        for (String wrong : List.of("true", "1.5", "NAME", "{ a: 1 }", "[1]")) {
            assertThatExceptionOfType(CoercingParseLiteralException.class)
                    .isThrownBy(() -> literal("ID", wrong));
        }
    }
}
