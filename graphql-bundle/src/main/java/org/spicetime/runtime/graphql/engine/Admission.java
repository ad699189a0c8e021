// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.language.OperationDefinition;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.error.RequestErrorCode;

/**
 * What happens to a request before it runs: its document (persisted, cached, parsed, measured,
 * validated), its operation, its cost, its variables. All that can be refused without running
 * anything is refused here. Thread-safe.
 */
final class Admission {
    private final Generations generations;
    private final Rules rules;
    private final RateLimits rates;
    private final Documents documents;

    Admission(Generations generations, Rules rules, RateLimits rates) {
        this.generations = generations;
        this.rules = rules;
        this.rates = rates;
        this.documents = rules.documents();
    }

    /** The request on the generation that is current. */
    Admitted admit(GraphQlRequest request) throws RequestRefused {
        Generation generation = generations.current();
        String text = documents.text(request);
        Prepared prepared = generation.prepare(text);
        documents.keep(request, text);
        OperationDefinition operation = prepared.operation(request.operationName());
        Admitted admitted = new Admitted(generation, text, prepared, operation);
        kind(operation, request);
        schema(admitted, request);
        cost(admitted, request);
        choices(admitted, request);
        // Last: what is refused for another reason counts nothing.
        rates.change(request.caller(), prepared.checks(operation).changes());
        return admitted;
    }

    private static void kind(OperationDefinition operation, GraphQlRequest request)
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
    }

    private void schema(Admitted admitted, GraphQlRequest request) throws RequestRefused {
        if (admitted.prepared().checks(admitted.operation()).asksSchema()
                && !rules.tellSchema(request.caller())) {
            throw new RequestRefused(
                    Refusal.FORBIDDEN,
                    ErrorEntry.of(
                            RequestErrorCode.FORBIDDEN,
                            "this host tells its schema to administrators only",
                            Map.of()));
        }
    }

    private void cost(Admitted admitted, GraphQlRequest request) throws RequestRefused {
        long cost = admitted.prepared().checks(admitted.operation()).cost(request.variables());
        if (cost > rules.limits().cost()) {
            throw new RequestRefused(
                    Refusal.TOO_COMPLEX,
                    ErrorEntry.tooComplex(
                            "complexity",
                            "the operation costs %d points, at most %d are allowed; ask for fewer with \"first\" or \"last\""
                                    .formatted(cost, rules.limits().cost())));
        }
    }

    private static void choices(Admitted admitted, GraphQlRequest request) throws RequestRefused {
        List<ErrorEntry> unavailable =
                admitted.prepared().checks(admitted.operation()).unavailable(request.variables());
        if (!unavailable.isEmpty()) throw new RequestRefused(Refusal.VARIABLES, unavailable);
    }

    /**
     * A request that may run. Immutable.
     *
     * @param generation it runs on to its end
     * @param text of the document
     * @param operation of the document, the one that is meant
     */
    record Admitted(
            Generation generation, String text, Prepared prepared, OperationDefinition operation) {}
}
