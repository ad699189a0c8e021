// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import org.spicetime.runtime.api.domain.ConfigChange;
import org.spicetime.runtime.api.domain.ConfigOrigin;
import org.spicetime.runtime.api.domain.ConfigRevision;

/** Where a configuration comes from, and what it was. */
final class RevisionFields {
    private static final int MOST_REVISIONS = 500;

    private RevisionFields() {}

    static List<Fields<?>> all() {
        return List.of(
                Fields.of("ConfigRevision", ConfigRevision.class)
                        .leaf("revision", ConfigRevision::revision)
                        .leaf("timestamp", ConfigRevision::timestamp)
                        .leaf("changedBy", ConfigRevision::changedBy)
                        .leaf("source", ConfigRevision::source)
                        .objects("changes", (r, call) -> r.changes())
                        .leaf("config", r -> PayloadJson.parse(r.configJson())),
                Fields.of("ConfigOrigin", ConfigOrigin.class)
                        .leaf("path", ConfigOrigin::path)
                        .leaf("source", ConfigOrigin::source)
                        .leaf("revision", ConfigOrigin::revision)
                        .leaf("changedBy", ConfigOrigin::changedBy)
                        .leaf("changedAt", ConfigOrigin::changedAt),
                Fields.of("ConfigChange", ConfigChange.class)
                        .leaf("path", ConfigChange::path)
                        .leaf("before", ConfigChange::before)
                        .leaf("after", ConfigChange::after));
    }

    /** Adds what a domain tells of its configuration's past. */
    static Fields<DomainView> addTo(Fields<DomainView> domain) {
        return domain.objects("configOrigins", (v, call) -> v.domain().origins())
                .objects(
                        "configHistory",
                        (v, call) ->
                                v.domain().revisions(DomainFields.first(call, MOST_REVISIONS)));
    }
}
