// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.domain.AlertSeverity;
import org.spicetime.runtime.api.domain.DomainState;

/** What the state of a domain says is the matter with it. Stateless. */
final class DomainRule {
    /** What limits every domain alike is told once, of the host. */
    private static final String DISK = "disk";

    private DomainRule() {}

    /**
     * What is the matter. A domain that starts waits for its plugins, which is none.
     *
     * @param limitations why it is not as it should be, by what is limited
     */
    static List<Finding> findings(DomainState state, Map<String, String> limitations) {
        return switch (state.status()) {
            case CREATED, STARTING, STOPPING, STOPPED -> List.of();
            case FAILED ->
                    List.of(
                            finding(
                                    state,
                                    AlertCode.DOMAIN_FAILED,
                                    "",
                                    AlertSeverity.CRITICAL,
                                    "FAILED: " + state.statusReason(),
                                    Map.of()));
            case RUNNING, DEGRADED, PAUSED, DRAINING -> limited(state, limitations);
        };
    }

    private static List<Finding> limited(DomainState state, Map<String, String> limitations) {
        List<Finding> findings = new ArrayList<>();
        limitations.forEach((what, why) -> {
            if (!what.equals(DISK)) {
                findings.add(
                        finding(
                                state,
                                code(what),
                                what,
                                AlertSeverity.WARNING,
                                why,
                                details(state, what)));
            }
        });
        return findings;
    }

    private static AlertCode code(String limited) {
        return switch (limited) {
            case "policy" -> AlertCode.POLICY_REPLACED;
            case "allocator" -> AlertCode.ALLOCATOR_REPLACED;
            case "store" -> AlertCode.STORE_BEHIND;
            default -> AlertCode.DOMAIN_LIMITED;
        };
    }

    private static Map<String, Object> details(DomainState state, String what) {
        return switch (what) {
            case "policy" ->
                    replaced(
                            state.config().scheduler().policy(),
                            state.activePolicy(),
                            state.policyEjection());
            case "allocator" ->
                    replaced(
                            state.config().memory().allocationType(),
                            state.activeAllocator(),
                            state.allocatorEjection());
            default -> Map.of("limitation", what);
        };
    }

    private static Map<String, Object> replaced(
            String configured, String active, @Nullable Ejection ejection) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("configured", configured);
        details.put("active", active);
        if (ejection != null) {
            details.put("incident", ejection.id().toString());
            details.put("reason", ejection.reason().name());
            if (ejection.bundle() != null) {
                details.put("bundle", ejection.bundle());
            }
        }
        return details;
    }

    private static Finding finding(
            DomainState state,
            AlertCode code,
            String subject,
            AlertSeverity severity,
            String why,
            Map<String, Object> details) {
        return new Finding(
                code,
                state.id(),
                subject,
                severity,
                "domain \"" + state.id() + "\": " + why,
                details);
    }
}
