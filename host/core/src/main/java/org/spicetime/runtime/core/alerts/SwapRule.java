// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.AlertSeverity;

/**
 * What is the matter with the swapping of a pool, from its opening to its end. Called by one thread
 * at a time.
 */
final class SwapRule {
    private final DomainId domain;
    private boolean open;
    private @Nullable String off;
    private @Nullable String thrashes;
    private @Nullable String damage;
    private double ratio;
    private long damagedBlocks;

    SwapRule(DomainId domain) {
        this.domain = domain;
    }

    /** A new pool, or none any more; what was told of the former is over. */
    void pool(boolean isOpen) {
        open = isOpen;
        off = null;
        thrashes = null;
        damage = null;
        damagedBlocks = 0;
    }

    /** Swapping was switched off; null: it was set anew. */
    void off(@Nullable String why) {
        off = why;
    }

    /** A block is not what was written. */
    void damaged(String what) {
        damage = what;
        damagedBlocks++;
    }

    /** The pool begins to thrash; null: that is over. */
    void thrashes(@Nullable String what, double share) {
        thrashes = what;
        ratio = share;
    }

    /** What is the matter; nothing without a pool. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (open && off != null) {
            findings.add(finding(AlertCode.SWAP_OFF, AlertSeverity.WARNING, off, Map.of()));
        }
        if (open && damage != null) {
            findings.add(
                    finding(
                            AlertCode.SWAP_DAMAGED,
                            AlertSeverity.CRITICAL,
                            damage,
                            Map.of("blocks", damagedBlocks)));
        }
        if (open && thrashes != null) {
            findings.add(
                    finding(
                            AlertCode.SWAP_THRASHES,
                            AlertSeverity.WARNING,
                            thrashes,
                            Map.of("ratio", ratio)));
        }
        return findings;
    }

    private Finding finding(
            AlertCode code, AlertSeverity severity, String message, Map<String, Object> details) {
        return new Finding(code, domain, "", severity, message, details);
    }
}
