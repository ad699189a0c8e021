// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * graphql-java as one would put it behind a servlet: parsed documents are kept, Jackson reads and
 * writes. The part of the schema that is asked for, over maps with what the host answered.
 * Thread-safe.
 */
@SuppressWarnings("serial")
final class PlainServlet extends HttpServlet {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] NEXT = "event: next\ndata: ".getBytes(StandardCharsets.US_ASCII);

    private final GraphQL graphQl;

    PlainServlet(Path answers) throws IOException {
        TaskTable tasks = new TaskTable(data(answers, "tasks"));
        Object domain = JSON.convertValue(data(answers, "fields"), Map.class);
        RuntimeWiring wiring =
                RuntimeWiring.newRuntimeWiring()
                        .type("Query", type -> type.dataFetcher("domain", _ -> domain))
                        .type("Query", type -> type.dataFetcher("tasks", _ -> tasks.all()))
                        .type(
                                "Mutation",
                                type ->
                                        type.dataFetcher(
                                                "updateTaskPriority",
                                                call ->
                                                        tasks.change(
                                                                (String) given(call, "taskId"),
                                                                (Integer) given(call, "priority"))))
                        .type(
                                "Subscription",
                                type ->
                                        type.dataFetcher(
                                                "taskUpdated",
                                                call ->
                                                        tasks.watch(
                                                                (String) given(call, "taskId"))))
                        .build();
        Map<String, PreparsedDocumentEntry> documents = new ConcurrentHashMap<>();
        graphQl =
                GraphQL.newGraphQL(
                                new SchemaGenerator()
                                        .makeExecutableSchema(
                                                new SchemaParser().parse(schema()), wiring))
                        .preparsedDocumentProvider((input, parse) ->
                                CompletableFuture.completedFuture(
                                        documents.computeIfAbsent(
                                                input.getQuery(), _ -> parse.apply(input))))
                        .build();
    }

    private static String schema() throws IOException {
        try (InputStream schema =
                PlainServlet.class.getResourceAsStream("/graphql/peers.graphqls")) {
            return new String(
                    Objects.requireNonNull(schema).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Object given(DataFetchingEnvironment call, String argument) {
        return Objects.requireNonNull(call.getArguments().get(argument));
    }

    private static JsonNode data(Path answers, String file) throws IOException {
        JsonNode data = JSON.readTree(answers.resolve(file).toFile()).path("data");
        return data.elements().next();
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        JsonNode asked = JSON.readTree(request.getInputStream());
        @SuppressWarnings("unchecked")
        Map<String, Object> variables = JSON.convertValue(asked.path("variables"), Map.class);
        ExecutionResult result =
                graphQl.execute(
                        ExecutionInput.newExecutionInput(asked.path("query").asText())
                                .variables(variables)
                                .build());
        if (result.getData() instanceof Publisher<?> events) {
            events.subscribe(new Sending(new EventResponse(request, response)));
            return;
        }
        byte[] body = JSON.writeValueAsBytes(result.toSpecification());
        response.setContentType("application/json;charset=utf-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Writes the results of one subscription. Called by one thread at a time. */
    private static final class Sending implements Subscriber<Object> {
        private final EventResponse stream;
        private @Nullable Subscription subscription;

        Sending(EventResponse stream) {
            this.stream = stream;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Object result) {
            try {
                ByteArrayOutputStream event = new ByteArrayOutputStream();
                event.write(NEXT);
                event.write(JSON.writeValueAsBytes(((ExecutionResult) result).toSpecification()));
                event.write('\n');
                event.write('\n');
                if (!stream.send(event.toByteArray()) && subscription != null)
                    subscription.cancel();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException("a subscription failed", failure);
        }

        @Override
        public void onComplete() {}
    }
}
