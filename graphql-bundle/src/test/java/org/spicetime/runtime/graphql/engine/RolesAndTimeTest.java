// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.security.Role;

class RolesAndTimeTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aRoleThatIsTooLowIsForbiddenBeforeAnythingHappens() {
        List<String> seen = new ArrayList<>();
        for (Role role : Role.values()) {
            GraphQlRequest request =
                    Bench.request(
                            "mutation { a: pauseDomain(domainId: \"ethical-scoring\") { id } b:"
                                    + " deleteDomain(domainId: \"content-processing\") { domainId } }",
                            Map.of(),
                            role);
            Map<String, ?> response =
                    ((Outcome.Executed) bench.engine.execute(request))
                            .response()
                            .toCompletableFuture()
                            .join()
                            .map();
            seen.add(
                    response.get("errors") == null
                            ? "allowed"
                            : at(response, "errors.0.path.0")
                                    + " "
                                    + at(response, "errors.0.extensions.code"));
        }
        assertThat(seen).containsExactly("a FORBIDDEN", "b FORBIDDEN", "allowed");
    }

    @Test
    void aChangeThatIsNotAcknowledgedInTimeMayHaveBeenMade() {
        try (Bench impatient = Bench.with(Duration.ofMillis(50))) {
            impatient.host.domain("ethical-scoring").pending = new CompletableFuture<>();
            Map<String, Object> error =
                    impatient.error(
                            "mutation { configureDomain(domainId: \"ethical-scoring\", config: {}) { id } }");
            assertThat(extensions(error)).containsEntry("code", "REQUEST_TIMEOUT");
            assertThat(at(error, "extensions.context.outcome")).isEqualTo("UNKNOWN");
        }
    }

    @Test
    void aQueryThatTakesTooLongSaysSoAndClaimsNoChange() {
        try (Bench late = Bench.with(Duration.ofNanos(-1))) {
            Map<String, Object> error = late.error("{ domains { id } }");
            assertThat(extensions(error))
                    .containsEntry("code", "REQUEST_TIMEOUT")
                    .doesNotContainKey("context");
        }
    }
}
