// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import graphql.schema.GraphQLSchema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The schema of the host with what bundles add to it. Immutable.
 *
 * @param owners who added what, by coordinate
 * @param leftOut why contributions are not in it
 */
public record Composition(
        GraphQLSchema schema, Map<String, SchemaOwner> owners, Map<Contributor, String> leftOut) {

    static Composition of(
            GraphQLSchema schema, List<Checked> accepted, Map<Contributor, String> leftOut) {
        Map<String, SchemaOwner> owners = new LinkedHashMap<>();
        for (Checked addition : accepted) {
            for (String place : addition.coordinates()) owners.put(place, addition.owner());
        }
        return new Composition(
                schema,
                Collections.unmodifiableMap(owners),
                Collections.unmodifiableMap(new LinkedHashMap<>(leftOut)));
    }

    /** The contributions that are in it, to tell two compositions apart. */
    public Set<SchemaOwner> used() {
        return Set.copyOf(owners.values());
    }

    /** Coordinates by the symbolic name of the bundle that added them. */
    public Map<String, List<String>> contributed() {
        Map<String, List<String>> contributed = new LinkedHashMap<>();
        owners.forEach((place, owner) ->
                contributed
                        .computeIfAbsent(owner.contributor().bundle(), _ -> new ArrayList<>())
                        .add(place));
        return contributed;
    }
}
