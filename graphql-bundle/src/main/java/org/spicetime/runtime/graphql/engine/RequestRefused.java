// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.List;

/** A request is refused before anything ran. Immutable; without a stack, it is told, not logged. */
final class RequestRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ErrorEntry> errors;
    private final Refusal kind;

    RequestRefused(Refusal kind, List<ErrorEntry> errors) {
        super(kind.name(), null, false, false);
        this.kind = kind;
        this.errors = errors;
    }

    RequestRefused(Refusal kind, ErrorEntry error) {
        this(kind, List.of(error));
    }

    Outcome.Refused toOutcome(String requestId) {
        return new Outcome.Refused(
                errors.stream().limit(Limits.ERRORS).map(error -> error.toMap(requestId)).toList(),
                kind);
    }

    List<ErrorEntry> errors() {
        return errors;
    }

    Refusal kind() {
        return kind;
    }
}
