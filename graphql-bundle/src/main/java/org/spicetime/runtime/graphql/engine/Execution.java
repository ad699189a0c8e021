// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.graphql.contribution.SchemaOwner;
import org.spicetime.runtime.graphql.json.JsonObject;
import org.spicetime.runtime.graphql.schema.RequestScope;
import org.spicetime.runtime.graphql.stream.EventPublisher;
import org.spicetime.runtime.graphql.stream.EventSource;
import org.spicetime.runtime.graphql.stream.OpenStreams;

/**
 * The running of one admitted request on one generation, and the rendering of what came out of it.
 * Thread-safe.
 */
final class Execution {
    /** graphql-java wants a text; the document it takes is the one prepared. */
    private static final String PREPARED = "{__typename}";

    private final Admission.Admitted admitted;
    private final Generation generation;
    private final GraphQlRequest request;
    private final Limits limits;
    private final RateLimits rates;
    private final Executor executor;

    Execution(
            Admission.Admitted admitted,
            GraphQlRequest request,
            Limits limits,
            RateLimits rates,
            Executor executor) {
        this.admitted = admitted;
        this.generation = admitted.generation();
        this.request = request;
        this.limits = limits;
        this.rates = rates;
        this.executor = executor;
    }

    /** A query or a mutation. */
    Outcome once() throws RequestRefused {
        return admitted.prepared().constant() ? constant() : running();
    }

    private Outcome constant() throws RequestRefused {
        KeptAnswer kept = generation.kept(admitted.text());
        if (kept != null) return new Outcome.Executed(CompletableFuture.completedFuture(kept));
        return new Outcome.Executed(
                running()
                        .response()
                        .thenApply(answer ->
                                answer.map().containsKey("errors")
                                        ? answer
                                        : generation.keep(admitted.text(), answer)));
    }

    private Outcome.Executed running() throws RequestRefused {
        RequestScope scope = scope(false);
        CompletableFuture<ExecutionResult> running = run(scope, null);
        // What is refused before a field ran, a variable mostly, is known at once.
        if (running.isDone() && !running.isCompletedExceptionally()) {
            refuseWithoutData(running.join());
        }
        return new Outcome.Executed(
                running.handle((result, error) ->
                        error == null ? answer(result, scope) : defect(request, error)));
    }

    /** A subscription. */
    Outcome stream(OpenStreams streams) throws RequestRefused {
        RequestScope scope = scope(true);
        ExecutionResult opening = run(scope, null).join();
        refuseWithoutData(opening);
        EventSource source = scope.source();
        if (source == null) {
            return new Outcome.Executed(CompletableFuture.completedFuture(answer(opening, scope)));
        }
        return new Outcome.Stream(
                new EventPublisher<>(source, new Rendering(source, owners()), executor, streams));
    }

    /** The answer to a request that failed for a defect of the host. */
    static Outcome failed(GraphQlRequest request, Throwable cause) {
        return new Outcome.Executed(CompletableFuture.completedFuture(defect(request, cause)));
    }

    private static Answer defect(GraphQlRequest request, Throwable cause) {
        ErrorEntry entry = FetchFailures.incident("request " + request.requestId(), cause);
        return Answer.of(broken(entry, request.requestId()));
    }

    /** The bundles without which the stream cannot go on. */
    private Set<SchemaOwner> owners() {
        Map<String, SchemaOwner> owners = generation.composition().owners();
        if (owners.isEmpty()) return Set.of();
        Set<SchemaOwner> needed = new HashSet<>();
        for (String coordinate :
                SelectedFields.of(
                        generation.schema(),
                        admitted.operation(),
                        admitted.prepared().fragments())) {
            SchemaOwner owner = owners.get(coordinate);
            if (owner != null) needed.add(owner);
        }
        return needed;
    }

    private static Map<String, @Nullable Object> broken(ErrorEntry error, String requestId) {
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        response.put("errors", List.of(error.toMap(requestId)));
        response.put("data", null);
        return response;
    }

    private RequestScope scope(boolean opening) {
        return new RequestScope(
                request.caller(),
                rates.tasks(request.caller()),
                generation.facts(),
                executor,
                limits.execution(),
                opening,
                request.resumeAfter(),
                request.traceId());
    }

    private CompletableFuture<ExecutionResult> run(RequestScope scope, @Nullable Object root) {
        ExecutionInput.Builder input =
                ExecutionInput.newExecutionInput()
                        .query(PREPARED)
                        .operationName(admitted.operation().getName())
                        .variables(request.variables())
                        .locale(Locale.ENGLISH)
                        .graphQLContext(
                                Map.of(
                                        RequestScope.class,
                                        scope,
                                        PreparsedDocumentEntry.class,
                                        admitted.prepared().entry()));
        CollectedFields collected = admitted.prepared().collected();
        if (collected != null) {
            input.graphQLContext(context -> context.of(CollectedFields.class, collected));
        }
        GraphQL.unusualConfiguration(input).responseMapFactory().setFactory(JsonObject::new);
        if (root != null) input.root(root);
        return generation.graphQl().executeAsync(input.build());
    }

    private void refuseWithoutData(ExecutionResult result) throws RequestRefused {
        if (result.isDataPresent()) return;
        List<ErrorEntry> errors = new ArrayList<>();
        for (GraphQLError error : result.getErrors()) {
            String message = Messages.cleaned(error.getMessage());
            errors.add(
                    unfitting(message)
                            .at(
                                    error.getLocations() == null ? List.of() : error.getLocations(),
                                    List.of()));
        }
        throw new RequestRefused(Refusal.VARIABLES, errors);
    }

    private static ErrorEntry unfitting(String message) {
        String variable = Messages.variable(message);
        return variable.isEmpty()
                ? ErrorEntry.of(RequestErrorCode.BAD_USER_INPUT, message, Map.of())
                : ErrorEntry.badInput(variable, message);
    }

    private Answer answer(ExecutionResult result, RequestScope scope) {
        return new NamedAnswer(response(result, scope), admitted.prepared().names());
    }

    private Map<String, @Nullable Object> response(ExecutionResult result, RequestScope scope) {
        if (scope.tooManyObjects()) {
            return broken(
                    ErrorEntry.tooComplex(
                            "objects",
                            "the request produced more than "
                                    + RequestScope.MOST_OBJECTS
                                    + " objects; ask for fewer"),
                    request.requestId());
        }
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        List<GraphQLError> errors = result.getErrors();
        if (!errors.isEmpty()) {
            response.put(
                    "errors",
                    errors.stream()
                            .limit(Limits.ERRORS)
                            .map(e -> FetchFailures.entry(e).toMap(request.requestId()))
                            .toList());
        }
        response.put("data", result.getData());
        return response;
    }

    /** Answers the events of a subscription, each with limits of its own. */
    private final class Rendering implements EventPublisher.Renderer<Answer> {
        private final EventSource source;
        private final Set<SchemaOwner> needed;
        private final RenderGroups.Key key;
        private volatile RenderGroups.@Nullable Group group;

        Rendering(EventSource source, Set<SchemaOwner> needed) {
            this.source = source;
            this.needed = needed;
            this.key =
                    new RenderGroups.Key(
                            admitted.operation(), request.variables(), request.caller());
        }

        @Override
        public int generation() {
            return generation.facts().generation();
        }

        @Override
        public void opened() {
            group = generation.groups().join(key);
        }

        @Override
        public void closed() {
            generation.groups().leave(key);
        }

        @Override
        public @Nullable RuntimeException cut() {
            for (SchemaOwner owner : needed) {
                if (owner.gone()) {
                    return new RefusedException(
                            RequestErrorCode.SCHEMA_CHANGED,
                            "fields of bundle %s are gone from the schema; subscribe again with what is served now"
                                    .formatted(owner.contributor().bundle()),
                            Map.of());
                }
            }
            return null;
        }

        @Override
        public Answer render(@Nullable Object event, Object value, long skipped) {
            RenderGroups.Group all = group;
            Answer answer =
                    event == null || all == null
                            ? rendered(value)
                            : all.render(event, () -> rendered(value));
            if (skipped > 0) answer = SharedAnswer.afterSkipped(answer, skipped);
            String cursor = source.cursor(value);
            return cursor == null ? answer : new ResumableAnswer(answer, cursor);
        }

        private Answer rendered(Object value) {
            RequestScope scope = scope(false);
            try {
                return answer(run(scope, value).join(), scope);
            } catch (RuntimeException | Error e) {
                return failure(e);
            }
        }

        @Override
        public Answer failure(Throwable cause) {
            ErrorEntry entry =
                    cause instanceof RefusedException refusal
                            ? ErrorEntry.of(refusal)
                            : FetchFailures.incident("stream " + request.requestId(), cause);
            return Answer.of(broken(entry, request.requestId()));
        }
    }
}
