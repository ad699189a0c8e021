// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private static final String DOMAINS =
            "query($first: Int, $after: String, $last: Int, $before: String, $filter: DomainFilter)"
                    + " { page: domainsConnection(first: $first, after: $after, last: $last,"
                    + " before: $before, filter: $filter) { edges { cursor node { id } } nodes { id }"
                    + " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }"
                    + " }";

    private final Bench bench = new Bench();

    @BeforeEach
    void moreDomains() {
        for (int i = 0; i < 8; i++) bench.host.add("x" + i);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private Map<String, ?> page(Map<String, Object> arguments) {
        return bench.response(DOMAINS, Map.copyOf(arguments));
    }

    private static String cursor(Map<String, ?> page, String name) {
        return String.valueOf(at(page, "data.page.pageInfo." + name));
    }

    private static boolean flag(Map<String, ?> page, String name) {
        return Boolean.TRUE.equals(at(page, "data.page.pageInfo." + name));
    }

    private static List<String> ids(Map<String, ?> page) {
        List<String> ids = new ArrayList<>();
        for (Object node : (List<?>) Objects.requireNonNull(at(page, "data.page.nodes"))) {
            ids.add(String.valueOf(at(node, "id")));
        }
        return ids;
    }

    @Test
    void pagesForwardsAndBackwardsMeetEveryDomainOnceInOrder() {
        List<String> forwards = new ArrayList<>();
        Map<String, ?> page = page(Map.of("first", 3));
        assertThat(at(page, "data.page.pageInfo.hasPreviousPage")).isEqualTo(false);
        while (true) {
            forwards.addAll(ids(page));
            assertThat(at(page, "data.page.totalCount")).isEqualTo(10);
            if (!flag(page, "hasNextPage")) break;
            page = page(Map.of("first", 3, "after", cursor(page, "endCursor")));
        }
        assertThat(forwards).hasSize(10).isSorted().doesNotHaveDuplicates();

        List<String> backwards = new ArrayList<>();
        page = page(Map.of("last", 4));
        assertThat(at(page, "data.page.pageInfo.hasNextPage")).isEqualTo(false);
        while (true) {
            backwards.addAll(0, ids(page));
            if (!flag(page, "hasPreviousPage")) break;
            page = page(Map.of("last", 4, "before", cursor(page, "startCursor")));
        }
        assertThat(backwards).isEqualTo(forwards);
    }

    @Test
    void aFilterHoldsForThePageAndItsCount() {
        Map<String, ?> page =
                page(Map.of("first", 1, "filter", Map.of("ids", List.of("x3", "x5", "nobody"))));
        assertThat(ids(page)).containsExactly("x3");
        assertThat(at(page, "data.page.totalCount")).isEqualTo(2);
        assertThat(at(page, "data.page.edges.0.node.id")).isEqualTo("x3");
        assertThat(at(page, "data.page.edges.0.cursor"))
                .isEqualTo(at(page, "data.page.pageInfo.startCursor"));
    }

    @Test
    void anEmptyPageHasNoCursors() {
        Map<String, ?> page = page(Map.of("first", 0));
        assertThat(ids(page)).isEmpty();
        assertThat(at(page, "data.page.pageInfo")).asString().contains("endCursor=null");
        assertThat(at(page, "data.page.pageInfo.hasNextPage")).isEqualTo(true);
    }

    @Test
    void aPageThatCannotBeIsRefusedByItsArgument() {
        assertRefused(Map.of("first", -1), "first");
        assertRefused(Map.of("last", 501), "last");
        assertRefused(Map.of("first", 1, "last", 1), "last");
        assertRefused(Map.of("after", "%%%"), "after");
        assertRefused(Map.of("before", "Li4"), "before");
    }

    @Test
    void theLargestPageIsAffordable() {
        Map<String, ?> page =
                bench.data(
                        "{ domainsConnection(first: 500) { edges { cursor node { id status } }"
                                + " totalCount pageInfo { hasNextPage } } }");
        assertThat(at(page, "domainsConnection.totalCount")).isEqualTo(10);
        assertThat(
                        extensions(
                                bench.refused(
                                        "{ domainsConnection(first: 500) { nodes { id config {"
                                                + " tasks { durability } } } } }")))
                .containsEntry("code", "QUERY_TOO_COMPLEX");
    }

    private void assertRefused(Map<String, Object> arguments, String field) {
        String query =
                DOMAINS.replace("edges { cursor node { id } } nodes { id }", "")
                        .replaceAll("pageInfo \\{[^}]*}", "");
        assertThat(extensions(bench.error(query, Map.copyOf(arguments))))
                .containsEntry("code", "BAD_USER_INPUT")
                .containsEntry("field", field);
    }
}
