// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.catalogue;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * What is deployed now, the built-in fallbacks included, each list ordered by name; and the
 * operator's hand on it. A plugin whose bundle went away stays listed as {@link
 * CatalogueState#UNAVAILABLE} while a domain is configured for it or incidents of it are kept.
 * Thread-safe.
 */
@ProviderType
public interface Catalogue {
    /**
     * Scheduling policies.
     *
     * @return a snapshot
     */
    List<CatalogueEntry.PolicyEntry> policies();

    /**
     * Allocation strategies.
     *
     * @return a snapshot
     */
    List<CatalogueEntry.AllocatorEntry> allocators();

    /**
     * Task handlers.
     *
     * @return a snapshot
     */
    List<CatalogueEntry.HandlerEntry> handlers();

    /**
     * The last incidents of all plugins, also of such that are no longer deployed; at most 100.
     *
     * @return a snapshot, newest first
     */
    List<Ejection> ejections();

    /**
     * Tells that anything about a plugin changed: it came, went, was ejected or reinstated, its
     * quarantine ended, or another domain uses it. Read the lists to learn what. Changes that
     * follow each other closely are told once; the last one is always followed by a call.
     *
     * @param listener called at once by a thread of the host that holds no lock, never by two at a
     *     time; what it throws is logged
     * @return ends it
     */
    Watch watch(Runnable listener);

    /**
     * Takes a plugin out of service and quarantines it; the built-in fallback takes over before the
     * stage completes. The quarantine holds in the domain named, or in all.
     *
     * @param kind of the plugin
     * @param name of the plugin; null: all of the kind that are deployed and not built in
     * @param domain only in this domain; null: in all. Null for task handlers
     * @param reason for the record, 1 to 256 characters
     * @param actor who asks
     * @return one incident for each domain that lost it, or one without a domain where none used
     *     it; fails with {@link RefusedException}: NOT_FOUND for an unknown plugin or domain,
     *     BAD_USER_INPUT for a built-in plugin, a reason of another length, or a domain with a task
     *     handler
     */
    CompletionStage<List<Ejection>> eject(
            PluginKind kind,
            @Nullable String name,
            @Nullable DomainId domain,
            String reason,
            String actor);

    /**
     * Ends the quarantine of a plugin, in all domains, and forgets how long the next one would be;
     * domains configured for it go back to it. A plugin that is not quarantined stays as it is.
     *
     * @param kind of the plugin
     * @param name of the plugin
     * @param actor who asks
     * @return its entry afterwards; fails with {@link RefusedException} NOT_FOUND for an unknown
     *     plugin
     */
    CompletionStage<CatalogueEntry> reinstate(PluginKind kind, String name, String actor);
}
