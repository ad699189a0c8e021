// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;

/**
 * The values of the additive enums: names that a bundle ships or a domain uses, and the built-in
 * ones. Immutable.
 *
 * @param policies values of SchedulingPolicy
 * @param allocators values of AllocationType
 */
public record ServedNames(SortedMap<String, Name> policies, SortedMap<String, Name> allocators) {
    private static final Pattern VALID =
            Pattern.compile("(?!__|(true|false|null)$)[_A-Za-z][_0-9A-Za-z]*");

    private static final Name FALLBACK_POLICY =
            new Name(
                    "Built into the host, always there: first come first served. Stands in for an"
                            + " ejected policy.",
                    true);
    private static final Name FALLBACK_ALLOCATOR =
            new Name(
                    "Built into the host, always there: free list, first block that fits. Stands in"
                            + " for an ejected allocator.",
                    true);

    /** The built-in names alone. */
    public static final ServedNames BUILT_IN =
            new ServedNames(
                    new TreeMap<>(Map.of("SAFE_FIFO", FALLBACK_POLICY)),
                    new TreeMap<>(Map.of("FIRST_FIT", FALLBACK_ALLOCATOR)));

    /**
     * A value of an additive enum. Immutable.
     *
     * @param description what its plugin says of itself
     * @param available whether a bundle ships it now
     */
    public record Name(String description, boolean available) {}

    /**
     * What has to be served now: names that are deployed, that the catalogue still lists, or that a
     * domain uses. A name that no schema can hold is left out; reading it works all the same.
     */
    public static ServedNames now(Services services) {
        SortedMap<String, Name> policies = new TreeMap<>();
        SortedMap<String, Name> allocators = new TreeMap<>();
        policies.put("SAFE_FIFO", FALLBACK_POLICY);
        allocators.put("FIRST_FIT", FALLBACK_ALLOCATOR);
        add(policies, services.catalogue().policies());
        add(allocators, services.catalogue().allocators());
        for (Domain domain : services.domains().all()) {
            DomainState state = domain.state();
            Name used = new Name("Used by a domain; no bundle that is deployed ships it.", false);
            policies.putIfAbsent(state.config().scheduler().policy(), used);
            policies.putIfAbsent(state.activePolicy(), used);
            allocators.putIfAbsent(state.config().memory().allocationType(), used);
            allocators.putIfAbsent(state.activeAllocator(), used);
        }
        policies.keySet().removeIf(name -> !VALID.matcher(name).matches());
        allocators.keySet().removeIf(name -> !VALID.matcher(name).matches());
        return new ServedNames(policies, allocators);
    }

    private static void add(
            SortedMap<String, Name> names, Collection<? extends CatalogueEntry> entries) {
        for (CatalogueEntry entry : entries) {
            boolean available = entry.facts().state() != CatalogueState.UNAVAILABLE;
            names.put(entry.facts().name(), new Name(entry.facts().description(), available));
        }
    }
}
