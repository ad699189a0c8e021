// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void valuesKeepTheirTypesAndOrder() throws Exception {
        Object value =
                JsonReader.read(
                        "{\"b\":1,\"a\":[null,true,\"\\u00e9\\ud83d\\ude00\",2147483648,9223372036854775808,1.50]}");

        assertThat(JsonWriter.text(value))
                .isEqualTo(
                        "{\"b\":1,\"a\":[null,true,\"é😀\",2147483648,9223372036854775808,1.50]}");
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("b", 1);
        expected.put(
                "a",
                Arrays.asList(
                        null,
                        true,
                        "é😀",
                        2147483648L,
                        new BigInteger("9223372036854775808"),
                        new BigDecimal("1.50")));
        assertThat(value).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\":1,}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":1}}",
                "[1] 2",
                "{} {}",
                "NaN",
                "[Infinity]",
                "'a'",
                "{a:1}",
                "[01]",
                "// x\n1",
                "\uFEFF{}",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "{\"\\ud800\":1}",
                "\"a\nb\"",
                "1e-999999999",
                "{\"query\":\"x\"",
            })
    void whatIsNotStrictJsonIsRefused(String text) {
        assertThatThrownBy(() -> JsonReader.read(text)).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void invalidUtf8IsRefused() {
        for (byte[] bytes :
                List.of(
                        new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'}, // overlong
                        new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}, // surrogate
                        new byte[] {'"', (byte) 0xF0, (byte) 0x9F, '"'}, // cut off
                        "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16))) {
            assertThatThrownBy(() -> JsonReader.read(bytes))
                    .isInstanceOf(MalformedJsonException.class);
        }
    }

    @Test
    void depthIsBoundedAtSixtyFourLevels() throws Exception {
        assertThat(JsonReader.read("[".repeat(64) + "]".repeat(64))).isInstanceOf(List.class);
        for (int depth : new int[] {65, 100_000}) {
            assertThatThrownBy(() -> JsonReader.read("[".repeat(depth)))
                    .isInstanceOf(MalformedJsonException.class)
                    .hasMessageContaining("64 levels");
        }
    }

    @Test
    void hugeNumbersCostNothing() throws Exception {
        assertThat(JsonReader.read("1e999999999")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(JsonReader.read("-1E+999999999")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(JsonReader.read("1e99")).isEqualTo(new BigDecimal("1e99"));
        assertThatThrownBy(() -> JsonReader.read("9".repeat(401)))
                .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void noPartOfTheTextIsRepeatedInAMessage() {
        assertThatThrownBy(() -> JsonReader.read("{\"token\":\"secret\" oops}"))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage("The text is not valid JSON at line 1, column 19.");
    }

    @Test
    void loneSurrogatesAreWrittenAsReplacementCharacters() throws Exception {
        byte[] bytes = JsonWriter.bytes("a\ud800b😀");

        assertThat(new String(bytes, UTF_8)).isEqualTo("\"a\ufffdb😀\"");
    }

    @Test
    void whatHasNoJsonFormIsAnError() {
        for (Object value : List.of(Double.NaN, Double.POSITIVE_INFINITY, new Object())) {
            assertThatThrownBy(() -> JsonWriter.bytes(value))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void everyStringSurvivesWritingAndReading() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c < 0x3000; c++) all.appendCodePoint(c);
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put(all.toString(), new ArrayList<>(List.of(all.toString())));

        assertThat(JsonReader.read(JsonWriter.bytes(value))).isEqualTo(value);
    }

    @Test
    void aBodyIsReadUpToItsLimitAndNoFurther() throws Exception {
        assertThat(read(body(5000), -1)).hasSize(5000);
        assertThat(read(body(5000), 5000)).hasSize(5000);
        assertThat(read(body(0), 0)).isEmpty();
        assertThatThrownBy(() -> read(body(0), 5001)).isInstanceOf(BodyTooLargeException.class);

        InputStream endless = body(1_000_000);
        assertThatThrownBy(() -> read(endless, -1)).isInstanceOf(BodyTooLargeException.class);
        assertThat(endless.available()).isGreaterThanOrEqualTo(1_000_000 - 5001);
        InputStream liar = body(1_000_000);
        assertThatThrownBy(() -> read(liar, 10)).isInstanceOf(BodyTooLargeException.class);
    }

    private static byte[] read(InputStream stream, long announced) throws Exception {
        BoundedBody body = new BoundedBody(announced, 5000);
        while (body.readFrom(stream)) {}
        return body.bytes();
    }

    private static InputStream body(int bytes) {
        return new ByteArrayInputStream(new byte[bytes]);
    }
}
