// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import io.github.bucket4j.TimeMeter;
import java.util.concurrent.Executor;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.stream.OpenStreams;

/**
 * The way of a request: it is admitted, and then executed on the generation that was current when
 * it came. Thread-safe.
 */
final class RuntimeEngine implements Engine {
    private final Generations generations;
    private final Admission admission;
    private final Rules rules;
    private final Limits limits;
    private final RateLimits rates;
    private final Executor executor;
    private final OpenStreams streams;

    RuntimeEngine(
            Generations generations,
            Rules rules,
            TimeMeter clock,
            Executor executor,
            OpenStreams streams) {
        this.generations = generations;
        this.rules = rules;
        this.limits = rules.limits();
        this.rates = new RateLimits(rules.rates(), clock);
        this.admission = new Admission(generations, rules, rates);
        this.executor = executor;
        this.streams = streams;
    }

    /** How many callers are counted. */
    int callers() {
        return rates.callers();
    }

    @Override
    public boolean tellsSchema(Caller caller) {
        return rules.tellSchema(caller);
    }

    @Override
    public String sdl() {
        return generations.current().facts().sdl();
    }

    @Override
    public String sdlHash() {
        return generations.current().facts().hash();
    }

    @Override
    public Outcome execute(GraphQlRequest request) {
        try {
            Admission.Admitted admitted = admission.admit(request);
            Execution execution = new Execution(admitted, request, limits, rates, executor);
            return switch (admitted.operation().getOperation()) {
                case QUERY, MUTATION -> execution.once();
                case SUBSCRIPTION -> execution.stream(streams);
            };
        } catch (RequestRefused e) {
            return e.toOutcome(request.requestId());
        } catch (RuntimeException | Error e) {
            // An Error too: a stack too deep for this request is none for the next.
            return Execution.failed(request, e);
        }
    }
}
