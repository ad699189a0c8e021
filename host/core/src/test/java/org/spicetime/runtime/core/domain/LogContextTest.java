// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.api.task.TaskPhase;

/** What a handler logs tells for whom, and what its thread does afterwards does not. */
@Timeout(60)
class LogContextTest {

    private static Map<String, String> context() {
        return Optional.ofNullable(MDC.getCopyOfContextMap()).orElse(Map.of());
    }

    @Test
    void aHandlerRunsWithItsDomainAndTaskAndNothingOfThemStays() throws Exception {
        Map<TaskId, Map<String, String>> seen = new ConcurrentHashMap<>();
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("mill", Map.of("executor", Map.of("parallelism", 1)));
            host.work(
                    "looks",
                    context -> {
                        seen.put(context.task(), context());
                        return null;
                    });
            host.work(
                    "throws",
                    context -> {
                        seen.put(context.task(), context());
                        MDC.put("own", "left by a handler");
                        throw new IllegalStateException("as planned");
                    });
            TaskId broken = TestHost.get(domain.schedule(TestHost.task("throws").build())).id();
            assertThat(TestHost.ended(domain, broken).phase()).isEqualTo(TaskPhase.FAILED);
            Future<Map<String, String>> afterwards =
                    domain.executor(TaskDefaults.of("look")).submit(LogContextTest::context);
            assertThat(afterwards.get(30, TimeUnit.SECONDS)).isEqualTo(Map.of("domain", "mill"));
            String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
            TaskId traced =
                    TestHost.get(domain.schedule(TestHost.task("looks").traceId(trace).build()))
                            .id();
            TestHost.ended(domain, traced);
            assertThat(seen.get(traced))
                    .isEqualTo(
                            Map.of("domain", "mill", "task", traced.toString(), "trace_id", trace));
            TaskId well = TestHost.get(domain.schedule(TestHost.task("looks").build())).id();
            TestHost.ended(domain, well);
            assertThat(seen.get(broken))
                    .isEqualTo(Map.of("domain", "mill", "task", broken.toString()));
            assertThat(seen.get(well)).isEqualTo(Map.of("domain", "mill", "task", well.toString()));
        }
    }
}
