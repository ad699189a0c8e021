// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.graphql.SchemaContribution;

/** Gets a service, which may be made only now and so runs code of its bundle. Thread-safe. */
@FunctionalInterface
public interface ServiceLookup {
    /** The service; null: it is gone. */
    @Nullable SchemaContribution get();
}
