// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import graphql.GraphQLException;
import graphql.schema.GraphQLSchema;
import graphql.schema.idl.TypeDefinitionRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.graphql.schema.ServedNames;
import org.spicetime.runtime.graphql.schema.ServedSchema;

/** The contributions there are, and the schema they make with the host's. Thread-safe. */
public final class Contributions implements AutoCloseable {
    private final List<Contribution> present = new CopyOnWriteArrayList<>();
    private final AtomicLong changes = new AtomicLong();
    private final Duration limit;
    private final Runnable changed;

    /**
     * @param changed called when {@link #changes()} moved; never blocks
     */
    public Contributions(Runnable changed) {
        this(changed, BundleThreads.LIMIT);
    }

    /** With another limit for each call into a bundle. */
    Contributions(Runnable changed, Duration limit) {
        this.changed = changed;
        this.limit = limit;
    }

    /**
     * A service came. Never waits for it.
     *
     * @param order among the services of its bundle; the smallest counts
     * @return ends it: from then on nothing of the bundle is reachable from here
     */
    public Runnable add(Contributor contributor, long order, ServiceLookup service) {
        Contribution contribution = new Contribution(contributor, order, limit);
        present.add(contribution);
        var _ = contribution.read(service).thenRun(this::count);
        return () -> {
            contribution.close();
            if (present.remove(contribution)) count();
        };
    }

    private void count() {
        changes.incrementAndGet();
        changed.run();
    }

    /** How often anything changed. */
    public long changes() {
        return changes.get();
    }

    /** The schema with all contributions that can be served together. */
    public Composition compose(ServedSchema host, ServedNames names) {
        TypeDefinitionRegistry definitions = ServedSchema.definitions(names);
        Set<String> extensible = host.extensible();
        Map<Contributor, String> leftOut = new LinkedHashMap<>();
        List<Checked> accepted = new ArrayList<>();
        Map<String, Contribution> owners = new HashMap<>();
        Set<Long> bundles = new HashSet<>();
        for (Contribution contribution : inOrder()) {
            Contributor contributor = contribution.contributor();
            try {
                Checked checked = checked(contribution, definitions, extensible);
                if (checked == null) continue;
                if (!bundles.add(contributor.bundleId())) {
                    throw new BrokenFragmentException(
                            "it offers several contributions; offer one, the first is served");
                }
                requireNew(checked, owners);
                checked.coordinates().forEach(place -> owners.put(place, contribution));
                accepted.add(checked);
            } catch (BrokenFragmentException e) {
                leftOut.put(contributor, e.reason());
            }
        }
        return built(host, names, definitions, accepted, leftOut);
    }

    private static @Nullable Checked checked(
            Contribution contribution, TypeDefinitionRegistry host, Set<String> extensible)
            throws BrokenFragmentException {
        String problem = contribution.problem();
        if (problem != null) throw new BrokenFragmentException(problem);
        Fragment fragment = contribution.fragment();
        if (fragment == null) return null;
        Contributor contributor = contribution.contributor();
        NamePrefix prefix;
        try {
            prefix = NamePrefix.of(contributor.bundle(), contributor.prefix());
        } catch (IllegalArgumentException e) {
            throw new BrokenFragmentException(String.valueOf(e.getMessage()));
        }
        return Checked.of(
                contribution,
                fragment,
                new FragmentCheck(fragment, prefix, host, extensible).run());
    }

    private static void requireNew(Checked checked, Map<String, Contribution> owners)
            throws BrokenFragmentException {
        for (String coordinate : checked.coordinates()) {
            Contribution owner = owners.get(coordinate);
            if (owner != null) {
                throw new BrokenFragmentException(
                        "%s is contributed by bundle %s already, which comes before it by ranking or name"
                                .formatted(coordinate, owner.contributor()));
            }
        }
    }

    /** By ranking, then by name; among those of one bundle by age. */
    private List<Contribution> inOrder() {
        return present.stream()
                .sorted(
                        Comparator.comparingInt(Contributions::ranking)
                                .reversed()
                                .thenComparing(one -> one.contributor().bundle())
                                .thenComparingLong(one -> one.contributor().bundleId())
                                .thenComparingLong(Contribution::order))
                .toList();
    }

    private static int ranking(Contribution contribution) {
        Fragment fragment = contribution.fragment();
        return fragment == null ? 0 : fragment.ranking();
    }

    private static Composition built(
            ServedSchema host,
            ServedNames names,
            TypeDefinitionRegistry definitions,
            List<Checked> accepted,
            Map<Contributor, String> leftOut) {
        try {
            return Composition.of(host.build(definitions, accepted), accepted, leftOut);
        } catch (GraphQLException | IllegalStateException _) {
            return oneByOne(host, names, accepted, leftOut);
        }
    }

    // Each keeps the rules, yet the schema cannot be built of all: the builder knows more of them,
    // such as defaults that do not fit and interfaces that are not kept.
    private static Composition oneByOne(
            ServedSchema host,
            ServedNames names,
            List<Checked> candidates,
            Map<Contributor, String> leftOut) {
        List<Checked> accepted = new ArrayList<>();
        GraphQLSchema schema = host.build(names);
        for (Checked candidate : candidates) {
            accepted.add(candidate);
            try {
                schema = host.build(ServedSchema.definitions(names), accepted);
            } catch (GraphQLException | IllegalStateException e) {
                accepted.removeLast();
                leftOut.put(candidate.owner().contributor(), SchemaErrors.told(e));
            }
        }
        return Composition.of(schema, accepted, leftOut);
    }

    /** Lets go of all. */
    @Override
    public void close() {
        present.forEach(Contribution::close);
        present.clear();
    }
}
