// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer that goes to many readers: it becomes text once, and bytes once. Thread-safe; immutable
 * to those who see it.
 */
final class SharedAnswer implements Answer {
    private final Answer answer;

    @GuardedBy("this")
    private @Nullable String text;

    @GuardedBy("this")
    private byte @Nullable [] bytes;

    SharedAnswer(Answer answer) {
        this.answer = answer;
    }

    @Override
    public Map<String, @Nullable Object> map() {
        return answer.map();
    }

    @Override
    public synchronized String text() {
        String known = text;
        if (known == null) text = known = answer.text();
        return known;
    }

    @Override
    public synchronized byte[] bytes() {
        byte[] known = bytes;
        if (known == null) bytes = known = answer.bytes();
        return known;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes());
    }

    /** The answer to a reader that missed events before it, which no other reader may be told. */
    static Answer afterSkipped(Answer answer, long skipped) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>(answer.map());
        map.put("extensions", Map.of("skipped", skipped));
        return Answer.of(Collections.unmodifiableMap(map));
    }
}
