// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.handler.PayloadField;

final class JsonSchemaTest {

    enum Mode {
        FAST,
        SAFE
    }

    record Inner(@PayloadField("Deep.") boolean deep) {}

    record Outer(
            @PayloadField("Name.") String name,
            @PayloadField(value = "N.", defaultJson = "1", minimum = 1, maximum = 1_000_000_000)
                    int n,
            @PayloadField(value = "S.", defaultJson = "\"a\"", minimum = 1, maximum = 16) String s,
            @PayloadField(value = "L.", defaultJson = "[]", maximum = 8) List<Inner> list,
            @PayloadField(value = "M.", defaultJson = "{}") Map<String, Double> map,
            @PayloadField(value = "Mode.", defaultJson = "\"FAST\"") Mode mode,
            @PayloadField("Maybe.") @Nullable String maybe,
            @PayloadField("Mode or none.") Optional<Mode> other) {}

    @Test
    void aPayloadIsDescribedAsItIsChecked() {
        assertThat(RecordBinder.of(Outer.class).schema())
                .isEqualTo(
                        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
                                + "\"type\":\"object\",\"properties\":{"
                                + "\"name\":{\"type\":\"string\",\"description\":\"Name.\"},"
                                + "\"n\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000000000,"
                                + "\"description\":\"N.\",\"default\":1},"
                                + "\"s\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":16,"
                                + "\"description\":\"S.\",\"default\":\"a\"},"
                                + "\"list\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                                + "\"properties\":{\"deep\":{\"type\":\"boolean\","
                                + "\"description\":\"Deep.\"}},\"required\":[\"deep\"],"
                                + "\"additionalProperties\":false},\"maxItems\":8,"
                                + "\"description\":\"L.\",\"default\":[]},"
                                + "\"map\":{\"type\":\"object\","
                                + "\"additionalProperties\":{\"type\":\"number\"},"
                                + "\"description\":\"M.\",\"default\":{}},"
                                + "\"mode\":{\"enum\":[\"FAST\",\"SAFE\"],"
                                + "\"description\":\"Mode.\",\"default\":\"FAST\"},"
                                + "\"maybe\":{\"type\":[\"string\",\"null\"],"
                                + "\"description\":\"Maybe.\"},"
                                + "\"other\":{\"enum\":[\"FAST\",\"SAFE\",null],"
                                + "\"description\":\"Mode or none.\"}},"
                                + "\"required\":[\"name\"],\"additionalProperties\":false}");
    }

    @Test
    void aResultAlwaysHasAllMembersAndNoDefaults() {
        assertThat(RecordWriter.of(Outer.class).schema())
                .contains(
                        "\"required\":[\"name\",\"n\",\"s\",\"list\",\"map\",\"mode\",\"maybe\","
                                + "\"other\"]")
                .doesNotContain("default");
    }

    @Test
    void theSchemaIsItselfJson() {
        assertThat(
                        Json.read(
                                RecordBinder.of(Outer.class)
                                        .schema()
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                "schema"))
                .isInstanceOf(Map.class);
    }
}
