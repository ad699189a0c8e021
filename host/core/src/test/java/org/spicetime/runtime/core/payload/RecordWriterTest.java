// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

final class RecordWriterTest {

    record Text(@Nullable String text) {}

    record Measure(double value) {}

    record Strict(String text) {}

    private final RecordWriter<Text> writer = RecordWriter.of(Text.class);

    /** {@code {"text":""}} has 11 bytes. */
    private static final int FRAME = 11;

    @Test
    void aResultOfExactlyTheLimitIsKept() {
        String text = "x".repeat(RecordWriter.MAX_RESULT_BYTES - FRAME);
        assertThat(writer.write(new Text(text)).size()).isEqualTo(RecordWriter.MAX_RESULT_BYTES);
    }

    @Test
    void aLargerResultIsRefusedWithItsSize() {
        String text = "x".repeat(1_000_000);
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> writer.write(new Text(text)));
        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
        assertThat(refused.details())
                .containsEntry("requested", 1_000_000L + FRAME)
                .containsEntry("available", (long) RecordWriter.MAX_RESULT_BYTES);
    }

    @Test
    void theLimitCountsBytesNotCharacters() {
        String text = "ü".repeat(RecordWriter.MAX_RESULT_BYTES / 2);
        assertThatThrownBy(() -> writer.write(new Text(text))).isInstanceOf(RefusedException.class);
    }

    @Test
    void nullIsWrittenWhereItIsAllowed() {
        assertThat(writer.write(new Text(null)).utf8()).isEqualTo("{\"text\":null}");
    }

    @Test
    @SuppressWarnings("NullAway") // what a handler must not do
    void nullIsRefusedElsewhere() {
        assertThatThrownBy(() -> RecordWriter.of(Strict.class).write(new Strict(null)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("result.text");
    }

    @Test
    void numbersJsonCannotHoldAreRefused() {
        assertThatThrownBy(() -> RecordWriter.of(Measure.class).write(new Measure(Double.NaN)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("result.value")
                .hasMessageContaining("NaN");
    }

    @Test
    void textThatIsNotUnicodeIsRefused() {
        assertThatThrownBy(() -> writer.write(new Text("\uD800")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("result");
    }
}
