// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.log.Redaction;

/**
 * What another encoder writes, without credentials: a library that logs what it reads, as the web
 * server does with the headers of requests at DEBUG, writes no token into a file. Thread-safe if
 * the other one is.
 */
final class RedactingEncoder extends EncoderBase<ILoggingEvent> {
    private final Encoder<ILoggingEvent> plain;
    private final Charset charset;

    /**
     * Writes for another encoder.
     *
     * @param plain which does not know of credentials; started, and left to its owner
     * @param charset that it writes in; null: UTF-8
     */
    RedactingEncoder(Encoder<ILoggingEvent> plain, @Nullable Charset charset) {
        this.plain = plain;
        this.charset = charset == null ? StandardCharsets.UTF_8 : charset;
    }

    Encoder<ILoggingEvent> plain() {
        return plain;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        byte[] written = plain.encode(event);
        String text = new String(written, charset);
        String shown = Redaction.ofTrace(text);
        return shown.equals(text) ? written : shown.getBytes(charset);
    }

    @Override
    public byte[] headerBytes() {
        return plain.headerBytes();
    }

    @Override
    public byte[] footerBytes() {
        return plain.footerBytes();
    }
}
