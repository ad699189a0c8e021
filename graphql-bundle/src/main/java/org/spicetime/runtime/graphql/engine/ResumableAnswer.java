// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer after which its subscription can be resumed. Immutable. */
record ResumableAnswer(Answer answer, String cursor) implements Answer {
    @Override
    public Map<String, @Nullable Object> map() {
        return answer.map();
    }

    @Override
    public String text() {
        return answer.text();
    }

    @Override
    public byte[] bytes() {
        return answer.bytes();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        answer.writeTo(out);
    }
}
