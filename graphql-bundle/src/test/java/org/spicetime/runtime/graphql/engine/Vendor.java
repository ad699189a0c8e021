// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spicetime.runtime.api.graphql.FieldFetcher;
import org.spicetime.runtime.api.graphql.SchemaContribution;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.contribution.Contributor;

/** A contribution in a test's hands. Built by one thread, then immutable. */
final class Vendor implements SchemaContribution {
    private final String sdl;
    private final Map<String, FieldFetcher> fetchers = new LinkedHashMap<>();
    private final Map<String, Role> roles = new LinkedHashMap<>();
    private int ranking;

    Vendor(String sdl) {
        this.sdl = sdl;
    }

    static Contributor bundle(String symbolicName) {
        return new Contributor(symbolicName, "1.0.0", symbolicName.hashCode(), null);
    }

    /** A contribution of one query. */
    static Vendor query(String field, String type, FieldFetcher fetcher) {
        return new Vendor("extend type Query { \"A query.\" %s: %s }".formatted(field, type))
                .with("Query." + field, fetcher);
    }

    Vendor with(String coordinate, FieldFetcher fetcher) {
        fetchers.put(coordinate, fetcher);
        return this;
    }

    Vendor role(String coordinate, Role role) {
        roles.put(coordinate, role);
        return this;
    }

    Vendor ranking(int value) {
        ranking = value;
        return this;
    }

    @Override
    public String sdl() {
        return sdl;
    }

    @Override
    public Map<String, FieldFetcher> fetchers() {
        return fetchers;
    }

    @Override
    public Map<String, Role> roles() {
        return roles;
    }

    @Override
    public int ranking() {
        return ranking;
    }
}
