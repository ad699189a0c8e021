// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CollectedFieldsTest {
    private static final Map<String, Object> FIRST = Map.of("id", "content-processing");
    private static final Map<String, Object> SECOND = Map.of("id", "ethical-scoring");

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void whatVariablesChooseIsAnsweredToEachRequest() {
        String query = "query($with: Boolean!) { domains { id @include(if: $with) s: status } }";
        for (boolean with : List.of(true, false, true)) {
            Object data = bench.data(query, Map.of("with", with));
            assertThat(((Map<?, ?>) data).get("domains"))
                    .asInstanceOf(LIST)
                    .hasSize(2)
                    .allSatisfy(domain ->
                            assertThat(((Map<?, ?>) domain).containsKey("id")).isEqualTo(with));
        }
    }

    @Test
    void aDirectiveInAFragmentCountsToo() throws Exception {
        assertThat(prepared("{ domains { ...F } } fragment F on DomainRuntime { id }").collected())
                .isNotNull();
        for (String fragment :
                List.of(
                        "fragment F on DomainRuntime { id @skip(if: false) }",
                        "fragment F on DomainRuntime { ... @include(if: true) { id } }",
                        "fragment F on DomainRuntime { ...G @include(if: true) } fragment G on DomainRuntime { id }")) {
            assertThat(prepared("{ domains { ...F } } " + fragment).collected())
                    .as(fragment)
                    .isNull();
        }
    }

    @Test
    void aDocumentIsAnsweredTheSameEachTime() {
        String query =
                "{ domains { ...F } domains { n: id } findDomain(id: \"ethical-scoring\") { ...F"
                        + " status } } fragment F on DomainRuntime { id }";
        Object both = List.of(Map.of("id", FIRST.get("id"), "n", FIRST.get("id")), second());
        for (int i = 0; i < 3; i++) {
            Map<?, ?> data = (Map<?, ?>) bench.data(query);
            assertThat(data.get("domains")).isEqualTo(both);
            assertThat(data.get("findDomain")).asInstanceOf(MAP).containsOnlyKeys("id", "status");
        }
    }

    private static Map<String, Object> second() {
        return Map.of("id", SECOND.get("id"), "n", SECOND.get("id"));
    }

    private Prepared prepared(String text) throws Exception {
        return bench.generations.current().prepare(text);
    }
}
