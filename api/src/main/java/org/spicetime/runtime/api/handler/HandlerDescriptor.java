// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.handler;

import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
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
 * @param locks names of the locks its tasks may take, see {@link TaskContext#lock}; needed only in
 *     domains whose protocol is CEILING without a fixed ceiling, where a lock is as urgent as the
 *     most urgent unfinished task of the handlers that declare it
 */
public record HandlerDescriptor<P extends Record, R extends Record>(
        String name,
        String version,
        String description,
        Class<P> payload,
        Class<R> result,
        Set<TaskType> defaultFor,
        Set<String> locks) {
    private static final Pattern LOCK =
            Pattern.compile("[A-Za-z0-9._:/-]{1," + TaskContext.MAX_LOCK_NAME + "}");

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
        locks = Set.copyOf(locks);
        if (locks.size() > TaskContext.MAX_LOCKS)
            throw new IllegalArgumentException(
                    "locks must be at most "
                            + TaskContext.MAX_LOCKS
                            + " names, were "
                            + locks.size());
        for (String lock : locks)
            if (!isLockName(lock))
                throw new IllegalArgumentException(
                        "locks must be names of 1 to "
                                + TaskContext.MAX_LOCK_NAME
                                + " letters, digits and . _ : / -, one was \""
                                + lock
                                + "\"");
    }

    /** Declares no locks. */
    public HandlerDescriptor(
            String name,
            String version,
            String description,
            Class<P> payload,
            Class<R> result,
            Set<TaskType> defaultFor) {
        this(name, version, description, payload, result, defaultFor, Set.of());
    }

    /**
     * Whether this can be the name of a lock.
     *
     * @param name any text
     * @return true for 1 to {@value TaskContext#MAX_LOCK_NAME} letters, digits, dots, dashes,
     *     underscores, colons and slashes
     */
    public static boolean isLockName(String name) {
        return LOCK.matcher(name).matches();
    }
}
