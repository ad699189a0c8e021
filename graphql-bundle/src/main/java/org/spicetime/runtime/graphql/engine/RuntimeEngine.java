// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQLError;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.OperationDefinition;
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
import org.spicetime.runtime.graphql.schema.RequestScope;
import org.spicetime.runtime.graphql.stream.EventPublisher;
import org.spicetime.runtime.graphql.stream.EventSource;
import org.spicetime.runtime.graphql.stream.OpenStreams;

/**
 * The way of a request: its document (persisted, cached, parsed, measured, validated), its
 * operation, its cost, its variables, and then the execution on the generation that was current
 * when it came. Thread-safe.
 */
final class RuntimeEngine implements Engine {
    /** graphql-java wants a text; the document it takes is the one prepared. */
    private static final String PREPARED = "{__typename}";

    private final Generations generations;
    private final Limits limits;
    private final Executor executor;
    private final OpenStreams streams;
    private final PersistedQueries persisted = new PersistedQueries();

    RuntimeEngine(Generations generations, Limits limits, Executor executor, OpenStreams streams) {
        this.generations = generations;
        this.limits = limits;
        this.executor = executor;
        this.streams = streams;
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
            Generation generation = generations.current();
            String text = persisted.text(request);
            Prepared prepared = generation.prepare(text);
            persisted.keep(request, text);
            OperationDefinition operation = prepared.operation(request.operationName());
            admit(generation, prepared, operation, request);
            Execution execution = new Execution(generation, prepared, operation.getName(), request);
            return switch (operation.getOperation()) {
                case QUERY, MUTATION -> execution.once();
                case SUBSCRIPTION -> execution.stream(owners(generation, prepared, operation));
            };
        } catch (RequestRefused e) {
            return e.toOutcome(request.requestId());
        } catch (RuntimeException e) {
            return failed(request, e);
        }
    }

    /** The bundles without which a stream cannot go on. */
    private static Set<SchemaOwner> owners(
            Generation generation, Prepared prepared, OperationDefinition subscription) {
        Map<String, SchemaOwner> owners = generation.composition().owners();
        if (owners.isEmpty()) return Set.of();
        Set<SchemaOwner> needed = new HashSet<>();
        for (String coordinate :
                SelectedFields.of(generation.schema(), subscription, prepared.fragments())) {
            SchemaOwner owner = owners.get(coordinate);
            if (owner != null) needed.add(owner);
        }
        return needed;
    }

    private static Outcome failed(GraphQlRequest request, RuntimeException cause) {
        ErrorEntry entry = FetchFailures.incident("request " + request.requestId(), cause);
        return new Outcome.Executed(
                CompletableFuture.completedFuture(broken(entry, request.requestId())));
    }

    private void admit(
            Generation generation,
            Prepared prepared,
            OperationDefinition operation,
            GraphQlRequest request)
            throws RequestRefused {
        if (operation.getOperation() == OperationDefinition.Operation.MUTATION
                && request.queriesOnly()) {
            throw new RequestRefused(
                    Refusal.MUTATION_NOT_ALLOWED,
                    ErrorEntry.badInput("query", "a mutation is not accepted here; use POST"));
        }
        if (operation.getOperation() == OperationDefinition.Operation.SUBSCRIPTION
                && !request.streaming()) {
            throw new RequestRefused(
                    Refusal.SUBSCRIPTION_NOT_ALLOWED,
                    ErrorEntry.badInput(
                            "query",
                            "a subscription needs a stream; use a WebSocket with the sub-protocol"
                                    + " graphql-transport-ws"));
        }
        long cost =
                DocumentCost.of(
                        generation.schema(), operation, prepared.fragments(), request.variables());
        if (cost > limits.cost()) {
            throw new RequestRefused(
                    Refusal.TOO_COMPLEX,
                    ErrorEntry.tooComplex(
                            "complexity",
                            "the operation costs %d points, at most %d are allowed; ask for fewer with \"first\" or \"last\""
                                    .formatted(cost, limits.cost())));
        }
        List<ErrorEntry> unavailable =
                ChoiceCheck.variables(generation.schema(), operation, request.variables());
        if (!unavailable.isEmpty()) throw new RequestRefused(Refusal.VARIABLES, unavailable);
    }

    private static Map<String, @Nullable Object> broken(ErrorEntry error, String requestId) {
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        response.put("errors", List.of(error.toMap(requestId)));
        response.put("data", null);
        return response;
    }

    /** One admitted request on one generation. Thread-safe. */
    private final class Execution {
        private final Generation generation;
        private final Prepared prepared;
        private final @Nullable String operation;
        private final GraphQlRequest request;

        Execution(
                Generation generation,
                Prepared prepared,
                @Nullable String operation,
                GraphQlRequest request) {
            this.generation = generation;
            this.prepared = prepared;
            this.operation = operation;
            this.request = request;
        }

        Outcome once() throws RequestRefused {
            RequestScope scope = scope(false);
            CompletableFuture<ExecutionResult> running = run(scope, null);
            // What is refused before a field ran, a variable mostly, is known at once.
            if (running.isDone() && !running.isCompletedExceptionally()) {
                refuseWithoutData(running.join());
            }
            return new Outcome.Executed(
                    running.handle((result, error) ->
                            error == null
                                    ? response(result, scope)
                                    : broken(
                                            FetchFailures.incident(
                                                    "request " + request.requestId(), error),
                                            request.requestId())));
        }

        Outcome stream(Set<SchemaOwner> needed) throws RequestRefused {
            RequestScope scope = scope(true);
            ExecutionResult opening = run(scope, null).join();
            refuseWithoutData(opening);
            EventSource source = scope.source();
            if (source == null) {
                return new Outcome.Executed(
                        CompletableFuture.completedFuture(response(opening, scope)));
            }
            return new Outcome.Stream(
                    new EventPublisher<>(source, new Rendering(needed), executor, streams));
        }

        private RequestScope scope(boolean opening) {
            return new RequestScope(
                    request.caller(), generation.facts(), executor, limits.execution(), opening);
        }

        private CompletableFuture<ExecutionResult> run(RequestScope scope, @Nullable Object root) {
            ExecutionInput.Builder input =
                    ExecutionInput.newExecutionInput()
                            .query(PREPARED)
                            .operationName(operation)
                            .variables(request.variables())
                            .locale(Locale.ENGLISH)
                            .graphQLContext(
                                    Map.of(
                                            RequestScope.class,
                                            scope,
                                            PreparsedDocumentEntry.class,
                                            prepared.entry()));
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
                                        error.getLocations() == null
                                                ? List.of()
                                                : error.getLocations(),
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
        private final class Rendering
                implements EventPublisher.Renderer<Map<String, @Nullable Object>> {
            private final Set<SchemaOwner> needed;

            Rendering(Set<SchemaOwner> needed) {
                this.needed = needed;
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
            public Map<String, @Nullable Object> render(Object value, long skipped) {
                RequestScope scope = scope(false);
                Map<String, @Nullable Object> response;
                try {
                    response = response(run(scope, value).join(), scope);
                } catch (RuntimeException e) {
                    return failure(e);
                }
                if (skipped > 0) response.put("extensions", Map.of("skipped", skipped));
                return response;
            }

            @Override
            public Map<String, @Nullable Object> failure(RuntimeException cause) {
                return broken(
                        cause instanceof RefusedException refusal
                                ? ErrorEntry.of(refusal)
                                : FetchFailures.incident("stream " + request.requestId(), cause),
                        request.requestId());
            }
        }
    }
}
