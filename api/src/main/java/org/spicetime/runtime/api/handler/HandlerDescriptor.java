// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.handler;

import java.util.Objects;
import java.util.Set;
import org.spicetime.runtime.api.task.TaskType;

/**
 * What a handler is. Immutable.
 *
 * @param name by which tasks ask for it: lower case words joined by dots or dashes, e.g. {@code
 *     digest.file}
 * @param version of the handler, e.g. {@code 1.0.0}
 * @param description one sentence for people
 * @param payload type of the argument
 * @param result type of the answer
 * @param defaultFor types whose tasks it runs when they name no handler
 */
public record HandlerDescriptor<P extends Record, R extends Record>(
        String name,
        String version,
        String description,
        Class<P> payload,
        Class<R> result,
        Set<TaskType> defaultFor) {
    public HandlerDescriptor {
        if (!name.matches("[a-z][a-z0-9]*([.-][a-z0-9]+)*") || name.length() > 128)
            throw new IllegalArgumentException(
                    "name must be lower case words joined by dots or dashes, up to 128 characters, was \""
                            + name
                            + "\"");
        if (version.isBlank()) throw new IllegalArgumentException("version must not be blank");
        if (description.isBlank())
            throw new IllegalArgumentException("description must not be blank");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(result, "result");
        defaultFor = Set.copyOf(defaultFor);
    }
}
