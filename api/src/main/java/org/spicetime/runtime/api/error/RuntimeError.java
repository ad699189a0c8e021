// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.error;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * A failure inside a domain, as clients are told of it. Immutable.
 *
 * @param code machine readable kind
 * @param message one sentence for people, without class names or stack traces
 * @param domain id of the domain; the empty string is the host as a whole
 * @param task the task concerned; null: none
 * @param context further facts (strings, numbers, booleans, lists and maps of them), e.g. {@code
 *     requested} and {@code available}
 */
public record RuntimeError(
        RuntimeErrorCode code,
        String message,
        String domain,
        @Nullable TaskId task,
        Map<String, Object> context) {
    public RuntimeError {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(domain, "domain");
        context = Map.copyOf(context);
    }
}
