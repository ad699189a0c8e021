// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SheetTest {
    private static final Sheet HOSTILE =
            Sheet.of("x", "T & co", "Name", "Facts")
                    .row("<script>alert(1)</script>${appRoot}\u001b\u202e", Map.of("<b>", "\"'&"))
                    .build();

    @Test
    void nothingInAPageIsMarkup() {
        String html = SheetHtml.of(HOSTILE, (column, row) -> null);
        assertThat(html)
                .doesNotContain("<script", "<b>", "${", "\u001b", "\u202e")
                .contains("&lt;script&gt;", "&#36;{appRoot}", "\\u001b\\u202e", "T &amp; co");
    }

    @Test
    void jsonIsWellFormedWhateverTheTextHolds() {
        assertThat(SheetJson.of(HOSTILE))
                .isEqualTo(
                        "[{\"Name\":\"\\u003cscript>alert(1)\\u003c/script>${appRoot}\\u001b\u202e\","
                                + "\"Facts\":{\"\\u003cb>\":\"\\\"'&\"}}]\n");
        Sheet types =
                Sheet.of("x", "x", "a", "b", "c", "d", "e")
                        .row(null, 1.5, Double.NaN, true, List.of(1, "x"))
                        .build();
        assertThat(SheetJson.of(types))
                .isEqualTo("[{\"a\":null,\"b\":1.5,\"c\":null,\"d\":true,\"e\":[1,\"x\"]}]\n");
    }

    @Test
    void textHasOneLineForEachCell() {
        Sheet sheet =
                Sheet.of("x", "Title", "A", "Long")
                        .row("a\nb", Instant.parse("2026-01-02T03:04:05.678901Z"))
                        .row(null, List.of())
                        .build();
        assertThat(SheetText.of(sheet))
                .isEqualTo(
                        "Title\n\nA     a\\u000ab\nLong  2026-01-02T03:04:05.678Z\n\nA     -\nLong  -\n");
    }

    @Test
    void aRowHasACellForEachColumn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sheet.of("x", "x", "a").row(1, 2).build())
                .withMessageContaining("1 cells, had 2");
    }
}
