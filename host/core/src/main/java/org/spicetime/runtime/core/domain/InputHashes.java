// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.store.InputHash;
import org.spicetime.runtime.api.task.TaskRequest;

/** Hashes of requests: equal exactly if the same was asked for. Thread-safe. */
final class InputHashes {

    private InputHashes() {}

    /** Covers everything but the key itself, who asks and in which trace. */
    static InputHash of(TaskRequest request) {
        MessageDigest digest = sha256();
        text(digest, request.type());
        text(digest, request.priority());
        text(digest, request.deadline());
        text(digest, request.relativeDeadline());
        text(digest, request.onDeadlineMiss());
        text(digest, request.runAt());
        text(digest, request.dependencies());
        text(digest, request.name());
        text(digest, request.handler());
        Payload payload = request.payload();
        text(digest, payload == null ? null : payload.contentType());
        bytes(digest, payload == null ? new byte[0] : payload.bytes());
        text(digest, request.timeout());
        text(digest, request.estimatedDuration());
        text(digest, request.maxRetries());
        text(digest, request.retry());
        text(digest, request.memory());
        text(digest, new TreeMap<>(request.labels()));
        text(digest, request.durability());
        text(digest, request.onCrash());
        text(digest, request.period());
        text(digest, request.concurrencyKey());
        return new InputHash(HexFormat.of().formatHex(digest.digest()));
    }

    private static void text(MessageDigest digest, @Nullable Object value) {
        bytes(digest, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    }

    /* The length goes before, so that parts cannot be taken for each other. */
    private static void bytes(MessageDigest digest, byte[] part) {
        digest.update((byte) (part.length >>> 24));
        digest.update((byte) (part.length >>> 16));
        digest.update((byte) (part.length >>> 8));
        digest.update((byte) part.length);
        digest.update(part);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
