// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.schemacontribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.Domains;

final class BacklogContributionTest {

    private final BacklogContribution contribution = new BacklogContribution(noDomains());

    @Test
    void everyFieldThatNeedsAFetcherHasOne() {
        assertThat(contribution.sdl()).contains("extend type Query", "exampleBacklog(");
        assertThat(contribution.fetchers()).containsOnlyKeys("Query.exampleBacklog");
    }

    @Test
    void aHostWithoutDomainsHasNoBacklog() {
        assertThat(contribution.backlog(10)).isEmpty();
    }

    private static Domains noDomains() {
        return (Domains)
                Proxy.newProxyInstance(
                        Domains.class.getClassLoader(),
                        new Class<?>[] {Domains.class},
                        (self, method, arguments) -> {
                            if (method.getName().equals("all")) {
                                return List.of();
                            }
                            throw new UnsupportedOperationException(method.getName());
                        });
    }
}
