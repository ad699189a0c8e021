// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.schemacontribution;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.graphql.FieldFetcher;
import org.spicetime.runtime.api.graphql.SchemaContribution;

/** Adds {@code Query.exampleBacklog}: how much each domain has still to do. Thread-safe. */
@Component(service = SchemaContribution.class)
public final class BacklogContribution implements SchemaContribution {

    private static final String SDL =
            """
            "Work that a domain has still to do."
            type ExampleBacklog {
              "Id of the domain."
              domain: ID!
              "Tasks that are ready and wait for a worker."
              waiting: Int!
              "Tasks that run now."
              running: Int!
            }

            extend type Query {
              "Domains with the most waiting tasks, the longest backlog first."
              exampleBacklog(
                "At most this many."
                first: Int! = 10
              ): [ExampleBacklog!]!
            }
            """;

    /** By the names of the fragment. Immutable. */
    record Backlog(String domain, int waiting, int running) {
        static Backlog of(Domain domain) {
            return new Backlog(
                    domain.id().value(),
                    domain.metrics().tasksPending(),
                    domain.metrics().tasksRunning());
        }
    }

    private final Domains domains;

    /** Called by the component runtime. */
    @Activate
    public BacklogContribution(@Reference Domains domains) {
        this.domains = domains;
    }

    @Override
    public String sdl() {
        return SDL;
    }

    @Override
    public Map<String, FieldFetcher> fetchers() {
        return Map.of(
                "Query.exampleBacklog",
                request -> {
                    Object first = request.arguments().get("first");
                    return backlog(first instanceof Number number ? number.intValue() : 0);
                });
    }

    List<Backlog> backlog(int first) {
        return domains.all().stream()
                .map(Backlog::of)
                .sorted(Comparator.comparingInt(Backlog::waiting).reversed())
                .limit(Math.max(0, first))
                .toList();
    }
}
