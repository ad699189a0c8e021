// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
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
                        "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16),
                        "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE),
                        "1".getBytes(java.nio.charset.StandardCharsets.UTF_32LE))) {
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
    void whatIsWrittenIsWhatJacksonWrites() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Object value = value(random, 3);
            assertThat(JsonWriter.text(value, JsonNames.of(List.of("a", "\n\"é"))))
                    .as("seed %d", seed)
                    .isEqualTo(byJackson(value));
        }
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 8)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextLong();
            case 2 -> Double.longBitsToDouble(random.nextLong() & ~(1L << 62));
            case 3 -> new BigInteger(200, random).negate();
            case 4 -> new BigDecimal(new BigInteger(70, random), random.nextInt(-40, 40));
            case 5 -> random.nextBoolean();
            case 6, 7 -> string(random);
            case 8 -> {
                List<Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) items.add(value(random, depth - 1));
                yield items;
            }
            default -> {
                Map<String, Object> members = new LinkedHashMap<>();
                for (String name : List.of("a", "\n\"é", string(random))) {
                    if (random.nextBoolean()) members.put(name, value(random, depth - 1));
                }
                yield random.nextBoolean()
                        ? members
                        : new JsonObject(
                                List.copyOf(members.keySet()), List.copyOf(members.values()));
            }
        };
    }

    private static String string(Random random) {
        // ASCII with its escapes, two bytes, three, four; long ones make the buffer grow.
        int[] most = {0x80, 0x800, 0xD800, Character.MAX_CODE_POINT + 1};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20) * random.nextInt(40); i > 0; i--) {
            int c = random.nextInt(most[random.nextInt(4)]);
            text.appendCodePoint(Character.getType(c) == Character.SURROGATE ? 'x' : c);
        }
        return text.toString();
    }

    private static String byJackson(Object value) throws Exception {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            byJackson(json, value);
        }
        return out.toString();
    }

    private static void byJackson(JsonGenerator json, Object value) throws Exception {
        if (value instanceof Map<?, ?> members) {
            json.writeStartObject();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                json.writeFieldName((String) member.getKey());
                byJackson(json, member.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> items) {
            json.writeStartArray();
            for (Object item : items) byJackson(json, item);
            json.writeEndArray();
        } else {
            json.writePOJO(value);
        }
    }

    @Test
    void anObjectIsAMap() {
        JsonObject object = new JsonObject(List.of("a", "b"), Arrays.asList(1, null));

        Map<String, @Nullable Object> same = new LinkedHashMap<>();
        same.put("a", 1);
        same.put("b", null);
        assertThat(object).isEqualTo(same).hasSameHashCodeAs(same).containsKey("b");
        assertThat(object.get("a")).isEqualTo(1);
        assertThatThrownBy(() -> new JsonObject(List.of("a"), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new JsonObject(List.of(), List.of()).entrySet().iterator().next())
                .isInstanceOf(NoSuchElementException.class);
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
