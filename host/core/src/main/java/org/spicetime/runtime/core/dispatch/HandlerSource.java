// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.handler.TaskContext;

/** The handlers deployed now. Thread-safe. */
@FunctionalInterface
public interface HandlerSource {

    /** A handler with its payload bound and its result written. Thread-safe. */
    @FunctionalInterface
    interface Bound {
        /** Runs one attempt on the calling thread. */
        @Nullable Payload invoke(@Nullable Payload payload, TaskContext context) throws Exception;
    }

    /**
     * The handler of this name; empty: none is deployed. Quick, also asked inside the guard of a
     * domain.
     */
    Optional<Bound> find(String name);
}
