// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.alert;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.AlertSeverity;

/**
 * Something an operator should know: it begins when a rule of the host finds its cause, and ends by
 * itself when the cause is gone. In between the id stays the same. Immutable.
 *
 * @param id new whenever an alert is raised
 * @param code which rule raised it, {@code DR-AREA-NNNN}; a code never changes its meaning
 * @param severity how serious it is now; of a cleared alert, what it was last
 * @param domain the domain it is about; null: the host
 * @param message what is the matter, in one sentence; not blank
 * @param details further facts: strings, numbers, booleans, lists and maps of them
 * @param raisedAt when it was raised
 * @param clearedAt when it ceased, not before {@code raisedAt}; null while it holds
 */
public record Alert(
        UUID id,
        String code,
        AlertSeverity severity,
        @Nullable DomainId domain,
        String message,
        Map<String, Object> details,
        Instant raisedAt,
        @Nullable Instant clearedAt) {
    private static final Pattern CODE = Pattern.compile("DR-[A-Z]{2,8}-[0-9]{4}");

    /**
     * Checks the code, the message and the times, and copies the details.
     *
     * @throws IllegalArgumentException if one is not as described
     */
    public Alert {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(raisedAt, "raisedAt");
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException(
                    "code must be DR-, 2 to 8 capital letters, - and 4 digits, was \""
                            + code
                            + '"');
        }
        if (message.isBlank()) {
            throw new IllegalArgumentException("message of " + code + " must not be blank");
        }
        if (clearedAt != null && clearedAt.isBefore(raisedAt)) {
            throw new IllegalArgumentException(
                    "clearedAt of "
                            + code
                            + " must not be before raisedAt "
                            + raisedAt
                            + ", was "
                            + clearedAt);
        }
        details = Map.copyOf(details);
    }

    /**
     * Whether it still holds.
     *
     * @return false once it is cleared
     */
    public boolean active() {
        return clearedAt == null;
    }
}
