// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.GraphQLError;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.graphql.schema.FetchError;

/**
 * Makes errors of what fetchers throw: a refusal with its code, anything else as a defect of the
 * host that is told by its incident alone and logged in full. Thread-safe.
 */
final class FetchFailures implements DataFetcherExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FetchFailures.class);

    @Override
    public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
            DataFetcherExceptionHandlerParameters parameters) {
        Throwable cause = unwrapped(parameters.getException());
        ErrorEntry entry =
                cause instanceof RefusedException refusal
                        ? ErrorEntry.of(refusal)
                        : incident("field " + parameters.getPath(), cause);
        GraphQLError error =
                GraphQLError.newError()
                        .message("%s", entry.message())
                        .path(parameters.getPath())
                        .location(parameters.getSourceLocation())
                        .extensions(Map.of(ErrorEntry.class.getName(), entry))
                        .build();
        return CompletableFuture.completedFuture(
                DataFetcherExceptionHandlerResult.newResult(error).build());
    }

    /** What a response tells of an error that graphql-java collected. */
    static ErrorEntry entry(GraphQLError error) {
        Map<String, Object> extensions = error.getExtensions();
        Object told = extensions == null ? null : extensions.get(ErrorEntry.class.getName());
        ErrorEntry entry =
                told instanceof ErrorEntry known
                        ? known
                        : incident("response: " + error.getMessage(), null);
        List<Object> path = error.getPath();
        return entry.at(
                error.getLocations() == null ? List.of() : error.getLocations(),
                path == null ? List.of() : path);
    }

    /** An error that tells nothing but where it is logged. */
    static ErrorEntry incident(String where, @Nullable Throwable cause) {
        String incident = UUID.randomUUID().toString();
        LOG.error("incident {}: {}", incident, where, cause);
        return ErrorEntry.of(
                RequestErrorCode.INTERNAL_SERVER_ERROR,
                "a defect of the host; its log tells more under this incident",
                Map.of("incident", incident));
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException
                        || cause instanceof ExecutionException
                        || cause instanceof FetchError)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
