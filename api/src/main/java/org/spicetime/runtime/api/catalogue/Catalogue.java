// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.catalogue;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What is deployed now, the built-in fallbacks included, each list ordered by name. Thread-safe.
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
}
