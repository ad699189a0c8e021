// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.graphql;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import org.spicetime.runtime.api.security.Role;

/**
 * Types and fields a bundle adds to the schema while it is active: one service per bundle. Only new
 * types and {@code extend type} are accepted; nothing that exists can be overridden. A contribution
 * that breaks a rule is left out and its problem is told with the bundle; the others are served.
 *
 * <p>The names of new types, and of the fields added to types of the host, begin with the bundle's
 * prefix. It is the second segment of the symbolic name, or the only one, without what is no letter
 * or digit: {@code com.acme.quota} gives the types {@code Acme} and {@code AcmeQuota} and the
 * fields {@code acme} and {@code acmeQuota}. The manifest header {@code Spicetime-Schema-Prefix}
 * names another.
 *
 * <p>Thread-safe. Every method is called once per service, on a thread of the contribution, and has
 * two seconds.
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
     * The roles that root fields need, by coordinate. Constant. A query that is not named needs
     * VIEWER, a mutation OPERATOR; a mutation cannot be opened to viewers.
     *
     * @return empty unless overridden
     */
    default Map<String, Role> roles() {
        return Map.of();
    }

    /**
     * Order among contributions; the larger is merged first and so wins a conflict. Among equals
     * the symbolic name decides.
     *
     * @return 0 unless overridden
     */
    default int ranking() {
        return 0;
    }
}
