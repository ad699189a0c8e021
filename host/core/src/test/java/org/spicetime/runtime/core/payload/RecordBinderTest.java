// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.handler.PayloadField;

final class RecordBinderTest {

    public enum Colour {
        RED,
        GREEN
    }

    public record Point(int x, @PayloadField(value = "y", defaultJson = "7") int y) {}

    public record Request(
            @PayloadField("Needed.") String name,
            @PayloadField(value = "Rounds.", defaultJson = "3", minimum = 1, maximum = 10)
                    int rounds,
            @PayloadField(value = "Share.", defaultJson = "0.5", minimum = 0, maximum = 1)
                    double share,
            @PayloadField(value = "Tags.", defaultJson = "[]", maximum = 3) List<String> tags,
            @PayloadField(value = "Colour.", defaultJson = "\"RED\"") Colour colour,
            @PayloadField("Note.") @Nullable String note,
            @PayloadField("Where.") Optional<Point> where,
            @PayloadField(value = "Code.", defaultJson = "\"ab\"", minimum = 2, maximum = 4)
                    String code) {
        public Request {
            if (name.equals("forbidden")) {
                throw new IllegalArgumentException("name forbidden is reserved");
            }
        }
    }

    private static final RecordBinder<Request> BINDER = RecordBinder.of(Request.class);

    private static RefusedException refusal(String json) {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> BINDER.bind(Payload.json(json)));
        assertThat(refused).as(json).isNotNull();
        assertThat(refused.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
        return refused;
    }

    @Test
    void missingMembersGetTheirDefaults() {
        assertThat(BINDER.bind(Payload.json("{\"name\": \"a\"}")))
                .isEqualTo(
                        new Request(
                                "a", 3, 0.5, List.of(), Colour.RED, null, Optional.empty(), "ab"));
    }

    @Test
    void everyMemberIsBound() {
        assertThat(
                        BINDER.bind(
                                Payload.json(
                                        """
                                        {"name": "a", "rounds": 10, "share": 1, "tags": ["x", "y"],
                                         "colour": "GREEN", "note": "n", "where": {"x": -1},
                                         "code": "abcd"}\
                                        """)))
                .isEqualTo(
                        new Request(
                                "a",
                                10,
                                1.0,
                                List.of("x", "y"),
                                Colour.GREEN,
                                "n",
                                Optional.of(new Point(-1, 7)),
                                "abcd"));
    }

    @Test
    void aMissingPayloadIsTheEmptyObject() {
        record Lazy(@PayloadField(value = "n", defaultJson = "5") int n) {}
        assertThat(RecordBinder.of(Lazy.class).bind(null)).isEqualTo(new Lazy(5));
        assertThatThrownBy(() -> BINDER.bind(null)).hasMessageContaining("payload.name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                          | payload.name       | missing
                    {"name": null}                              | payload.name       | present
                    {"name": 1}                                 | payload.name       | a text
                    {"name": "a", "colour": "BLUE"}             | payload.colour     | RED, GREEN
                    {"name": "a", "rounds": 0}                  | payload.rounds     | 1 .. 10
                    {"name": "a", "rounds": 11}                 | payload.rounds     | 1 .. 10
                    {"name": "a", "rounds": 1.5}                | payload.rounds     | whole number
                    {"name": "a", "rounds": "3"}                | payload.rounds     | whole number
                    {"name": "a", "rounds": true}               | payload.rounds     | whole number
                    {"name": "a", "rounds": 99999999999999999999} | payload.rounds   | 1 .. 10
                    {"name": "a", "rounds": 1e400}              | payload.rounds     | 1 .. 10
                    {"name": "a", "rounds": 1e999999999}        | payload.rounds     | exponent
                    {"name": "a", "share": 1.01}                | payload.share      | 0 .. 1
                    {"name": "a", "share": -1e-300}             | payload.share      | 0 .. 1
                    {"name": "a", "tags": ["a","b","c","d"]}    | payload.tags       | at most 3
                    {"name": "a", "tags": [1]}                  | payload.tags[0]    | a text
                    {"name": "a", "tags": [null]}               | payload.tags[0]    | present
                    {"name": "a", "tags": {}}                   | payload.tags       | a list
                    {"name": "a", "where": {"x": 1, "z": 2}}    | payload.where.z    | x, y
                    {"name": "a", "where": {}}                  | payload.where.x    | missing
                    {"name": "a", "where": {"x": 2147483648}}   | payload.where.x    | 2147483647
                    {"name": "a", "where": []}                  | payload.where      | an object
                    {"name": "a", "code": "a"}                  | payload.code       | 2 .. 4
                    {"name": "a", "code": "abcde"}              | payload.code       | 2 .. 4
                    {"name": "a", "nmae": 1}                    | payload.nmae       | name, rounds
                    {"name": "a", "name": "b"}                  | payload.name       | twice
                    {"name": "a", "where": {"x": 1, "x": 1}}    | payload.where.x    | twice
                    {"name": "forbidden"}                       | payload            | reserved
                    [1]                                         | payload            | an object
                    null                                        | payload            | an object
                    7                                           | payload            | an object
                    {"name": "a"} {}                            | payload            | more follows
                    {"name": "a",}                              | payload            | not JSON
                    {"name": "a"                                | payload            | not JSON
                    {'name': 'a'}                               | payload            | not JSON
                    {"name": NaN}                               | payload            | not JSON
                    """)
    void whatDoesNotFitIsRefusedWithItsField(String json, String field, String said) {
        RefusedException refused = refusal(json);
        assertThat(refused.details()).containsEntry("field", field);
        assertThat(refused).hasMessageContaining(said);
    }

    @Test
    void aLengthIsCountedInCharactersNotInUnits() {
        assertThat(BINDER.bind(Payload.json("{\"name\": \"a\", \"code\": \"😀😀😀😀\"}")).code())
                .isEqualTo("😀😀😀😀");
        assertThat(refusal("{\"name\": \"a\", \"code\": \"😀\"}")).hasMessageContaining("2 .. 4");
    }

    @Test
    void nestingIsBounded() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThat(refusal("{\"name\": " + deep + "}")).hasMessageContaining("depth");
    }

    @Test
    void longNumbersAreRefused() {
        assertThat(refusal("{\"name\": \"a\", \"rounds\": " + "9".repeat(100_000) + "}"))
                .hasMessageContaining("length");
    }

    @Test
    void aHugeTextIsCutInTheMessage() {
        RefusedException refused =
                refusal("{\"name\": \"a\", \"colour\": \"" + "x".repeat(60_000) + "\"}");
        assertThat(refused.getMessage()).hasSizeLessThan(300);
        assertThat(refusal("{\"name\": \"a\", \"" + "k".repeat(40_000) + "\": 1}").getMessage())
                .hasSizeLessThan(400);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] broken = "{\"name\": \"a?\"}".getBytes(StandardCharsets.UTF_8);
        broken[11] = (byte) 0xFF;
        assertThatThrownBy(() -> BINDER.bind(new Payload(broken, "application/json")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/octet-stream", "application/jsonp"})
    void onlyJsonIsTaken(String type) {
        assertThatThrownBy(
                        () -> BINDER.bind(new Payload("{}".getBytes(StandardCharsets.UTF_8), type)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("application/json")
                .hasMessageContaining(type);
    }

    @Test
    void anEmptyPayloadOfTypeJsonIsRefused() {
        assertThatThrownBy(() -> BINDER.bind(Payload.json("")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("empty");
    }

    public record Wide(
            boolean flag,
            byte tiny,
            short small,
            long large,
            float rough,
            BigInteger whole,
            BigDecimal exact,
            UUID id,
            Instant at,
            Duration span,
            URI address,
            Set<Integer> set,
            Map<String, Long> map,
            OptionalInt oi,
            OptionalLong ol,
            OptionalDouble od,
            Object any,
            @Nullable Integer box) {}

    @Test
    void everyTypeGoesThereAndBack() {
        String json =
                "{\"flag\":true,\"tiny\":-128,\"small\":7,\"large\":9223372036854775807,"
                        + "\"rough\":0.5,\"whole\":99999999999999999999,\"exact\":1.25,"
                        + "\"id\":\"0198c0de-0000-7000-8000-000000000001\","
                        + "\"at\":\"2030-01-31T08:00:00Z\",\"span\":\"PT1.5S\","
                        + "\"address\":\"http://a/b\",\"set\":[3,1,2],\"map\":{\"k\":1},"
                        + "\"oi\":1,\"ol\":null,\"od\":2.5,\"any\":{\"x\":[1,null]},\"box\":null}";
        Wide bound = RecordBinder.of(Wide.class).bind(Payload.json(json));
        assertThat(bound.tiny()).isEqualTo(Byte.MIN_VALUE);
        assertThat(bound.ol()).isEmpty();
        assertThat(bound.span()).isEqualTo(Duration.ofMillis(1500));
        assertThat(RecordWriter.of(Wide.class).write(bound).utf8()).isEqualTo(json);
    }

    @Test
    void aSetRefusesWhatOccursTwice() {
        record Sets(Set<String> names) {}
        assertThatThrownBy(() ->
                        RecordBinder.of(Sets.class)
                                .bind(Payload.json("{\"names\": [\"a\", \"a\"]}")))
                .hasMessageContaining("payload.names[1]");
    }

    record Picky(@Nullable String text) {
        Picky {
            if (text == null) {
                throw new UnsupportedOperationException();
            }
        }
    }

    record Recursive(List<Recursive> children) {}

    record Unsupported(Thread thread) {}

    record BadDefault(@PayloadField(value = "n", defaultJson = "11", maximum = 10) int n) {}

    record MalformedDefault(@PayloadField(value = "n", defaultJson = "{") int n) {}

    record EmptyRange(@PayloadField(value = "n", minimum = 2, maximum = 1) int n) {}

    record BoundedFlag(@PayloadField(value = "n", minimum = 2) boolean n) {}

    record NotANumberBound(@PayloadField(value = "n", minimum = Double.NaN) int n) {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                Recursive.class,
                Unsupported.class,
                BadDefault.class,
                MalformedDefault.class,
                EmptyRange.class,
                BoundedFlag.class,
                NotANumberBound.class
            })
    void aRecordThatCannotBeAPayloadIsRefusedWithItsComponent(Class<? extends Record> type) {
        assertThatThrownBy(() -> RecordBinder.of(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(type.getSimpleName());
    }

    @Test
    void whateverExceptionARecordThrowsIsARefusal() {
        assertThatThrownBy(() -> RecordBinder.of(Picky.class).bind(null))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("UnsupportedOperationException");
    }
}
