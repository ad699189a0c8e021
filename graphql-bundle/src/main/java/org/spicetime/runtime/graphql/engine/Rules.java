// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;

/**
 * Which requests are accepted. Immutable.
 *
 * @param limits of one request
 * @param rates of one caller
 * @param introspection whether all callers are told the schema, or administrators alone
 * @param listedOnly the file of the documents that are accepted; null: all are
 */
record Rules(Limits limits, Rates rates, boolean introspection, @Nullable Path listedOnly) {
    static final Rules STANDARD = new Rules(Limits.STANDARD, Rates.STANDARD, true, null);

    /**
     * As configured.
     *
     * @param instance directory of the host
     */
    static Rules of(EngineSettings settings, Path instance) {
        return new Rules(
                Limits.of(settings),
                Rates.of(settings),
                settings.introspection(),
                settings.persistedOnly()
                        ? instance.resolve("etc").resolve("persisted-documents.json")
                        : null);
    }

    /** Whether this caller is told the schema. */
    boolean tellSchema(Caller caller) {
        return introspection || caller.role() == Role.ADMIN;
    }

    /** Where documents come from. */
    Documents documents() {
        return listedOnly == null ? new PersistedQueries() : ListedDocuments.read(listedOnly);
    }
}
