// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.graphql.contribution.Composition;
import org.spicetime.runtime.graphql.contribution.Contributor;
import org.spicetime.runtime.graphql.schema.SchemaState;

/**
 * Tells why contributions are left out: as long as it lasts in the health of the host and with the
 * bundle; who keeps the bundles writes it into the log. Used by one thread.
 */
final class ContributionReport {
    private static final Logger LOG = LoggerFactory.getLogger(ContributionReport.class);

    private final SchemaState state;
    private final Sink bundles;
    private Map<Contributor, String> before = Map.of();

    ContributionReport(SchemaState state, Sink bundles) {
        this.state = state;
        this.bundles = bundles;
    }

    void tell(Composition composition) {
        Map<Contributor, String> now = composition.leftOut();
        Map<String, List<String>> byBundle = new TreeMap<>();
        List<String> sentences = new ArrayList<>();
        now.forEach((contributor, reason) -> {
            String why = "its schema contribution is left out: " + reason;
            byBundle.computeIfAbsent(contributor.bundle(), _ -> new ArrayList<>()).add(why);
            sentences.add("bundle " + contributor + ": " + why);
            if (!reason.equals(before.get(contributor))) {
                LOG.debug("bundle {}: {}", contributor, why);
            }
        });
        state.leftOut(sentences);
        Set<String> concerned = new TreeSet<>(byBundle.keySet());
        before.keySet().forEach(contributor -> concerned.add(contributor.bundle()));
        for (String bundle : concerned) {
            bundles.report(bundle, byBundle.getOrDefault(bundle, List.of()));
        }
        before = new HashMap<>(now);
    }

    /** Is told the problems of a bundle, in place of those told before. */
    @FunctionalInterface
    interface Sink {
        void report(String symbolicName, List<String> problems);
    }
}
