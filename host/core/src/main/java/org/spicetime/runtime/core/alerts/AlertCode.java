// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

/**
 * The codes of all alerts. What a code means never changes; {@code docs/alerts.md} tells it in
 * full.
 */
public enum AlertCode {
    /** A domain is FAILED. */
    DOMAIN_FAILED("DR-DOM-0001"),
    /** A domain does not answer, or this host may not run it. */
    DOMAIN_AWAY("DR-DOM-0002"),
    /** A domain runs with fewer threads than it should. */
    DOMAIN_LIMITED("DR-DOM-0003"),
    /** A domain is not under the policy it is configured for. */
    POLICY_REPLACED("DR-SCHED-0001"),
    /** The schedules of a domain need more processors than it has. */
    OVERLOAD("DR-SCHED-0002"),
    /** The pool of a domain is nearly full. */
    MEMORY_PRESSURE("DR-MEM-0001"),
    /** The pool of a domain is not under the allocator it is configured for. */
    ALLOCATOR_REPLACED("DR-MEM-0002"),
    /** A domain does not swap as it is configured to. */
    SWAP_OFF("DR-SWAP-0001"),
    /** Blocks in the swap file of a domain are not what was written. */
    SWAP_DAMAGED("DR-SWAP-0002"),
    /** The pool of a domain does little else but exchange blocks. */
    SWAP_THRASHES("DR-SWAP-0003"),
    /** The store takes nothing new. */
    STORE_READ_ONLY("DR-STORE-0001"),
    /** The store has little room left. */
    STORE_SCARCE("DR-STORE-0002"),
    /** What a domain did is not stored for now. */
    STORE_BEHIND("DR-STORE-0003"),
    /** A plugin is in quarantine. */
    PLUGIN_QUARANTINED("DR-PLUG-0001"),
    /** Something is wrong with a bundle, or with a file in {@code deploy/}. */
    BUNDLE_PROBLEM("DR-BUNDLE-0001"),
    /** The disk of the instance directory is nearly full. */
    DISK_SCARCE("DR-HOST-0001"),
    /** The machine has little memory left. */
    MEMORY_SCARCE("DR-HOST-0002"),
    /** A file of the host cannot be used. */
    FILE_UNUSABLE("DR-HOST-0003");

    private final String text;

    AlertCode(String text) {
        this.text = text;
    }

    /** As clients see it. */
    public String text() {
        return text;
    }
}
