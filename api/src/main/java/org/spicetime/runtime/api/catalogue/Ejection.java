// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.catalogue;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;

/**
 * A plugin was taken out of service. No task and no block is lost by it. Immutable.
 *
 * @param id id of the incident, also in the log
 * @param timestamp when
 * @param kind kind of the plugin
 * @param name name of the plugin
 * @param version version of the plugin; null when not told
 * @param bundle symbolic name of its bundle; null when it has none
 * @param bundleVersion version of its bundle; null when it has none
 * @param domain the domain it happened in; null: all domains
 * @param reason why
 * @param message what was seen, in one sentence
 * @param replacedBy what took over; null for task handlers
 * @param switchTime from detection until the replacement was in charge
 * @param report facts for the author of the plugin: strings, numbers, booleans, lists and maps of
 *     them. Of policies {@code lastCalls} (the last calls into it, 256 at most, oldest first) and
 *     {@code queue} (tasks that were queued, 32 at most)
 */
public record Ejection(
        UUID id,
        Instant timestamp,
        PluginKind kind,
        String name,
        @Nullable String version,
        @Nullable String bundle,
        @Nullable String bundleVersion,
        @Nullable DomainId domain,
        EjectionReason reason,
        String message,
        @Nullable String replacedBy,
        Duration switchTime,
        Map<String, Object> report) {
    public Ejection {
        report = Map.copyOf(report);
    }
}
