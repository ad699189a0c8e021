// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.graphql;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Types and fields a bundle adds to the schema while it is active: one service per bundle. Only new
 * types with the bundle's prefix and {@code extend type} are accepted; nothing that exists can be
 * overridden. Thread-safe.
 */
@ConsumerType
public interface SchemaContribution {
    /**
     * The fragment in the GraphQL schema language; every element carries a description. Constant.
     *
     * @return schema definition language text
     */
    String sdl();

    /**
     * Fetchers by coordinate, e.g. {@code Query.acmeQuota}. Constant.
     *
     * @return one fetcher for each field of the fragment that needs one
     */
    Map<String, FieldFetcher> fetchers();

    /**
     * Order among contributions; the larger is merged first.
     *
     * @return 0 unless overridden
     */
    default int ranking() {
        return 0;
    }
}
