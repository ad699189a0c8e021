// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.spicetime.runtime.graphql.engine.Answer;

/**
 * Parts of {@code multipart/mixed;subscriptionSpec=1.0}, the protocol of Apollo's clients and
 * routers: each response is the {@code payload} of a part. A reader takes a part when it sees the
 * boundary behind it, so every part ends with one. Immutable.
 */
final class PartFraming implements Framing {
    static final String BOUNDARY = "graphql";
    static final byte[] OPENING = ascii("\r\n--" + BOUNDARY);

    private static final byte[] HEAD = ascii("\r\nContent-Type: application/json\r\n\r\n");
    static final byte[] HEARTBEAT = part(ascii("{}"));

    @Override
    public byte[] next(Answer response) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        out.writeBytes(ascii("{\"payload\":"));
        try {
            response.writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        out.write('}');
        return part(out.toByteArray());
    }

    @Override
    public byte[] complete() {
        return ascii("--\r\n");
    }

    private static byte[] part(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 64);
        out.writeBytes(HEAD);
        out.writeBytes(content);
        out.writeBytes(OPENING);
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
