// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.Document;
import graphql.language.FragmentDefinition;
import graphql.language.OperationDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document that was parsed, measured and validated against one schema. Immutable.
 *
 * @param entry the form that graphql-java takes
 */
record Prepared(
        PreparsedDocumentEntry entry,
        List<OperationDefinition> operations,
        Map<String, FragmentDefinition> fragments) {

    static Prepared of(Document document) {
        Map<String, FragmentDefinition> fragments = new HashMap<>();
        for (FragmentDefinition fragment :
                document.getDefinitionsOfType(FragmentDefinition.class)) {
            fragments.put(fragment.getName(), fragment);
        }
        return new Prepared(
                new PreparsedDocumentEntry(document),
                List.copyOf(document.getDefinitionsOfType(OperationDefinition.class)),
                Map.copyOf(fragments));
    }

    /** The operation a request means. */
    OperationDefinition operation(@Nullable String name) throws RequestRefused {
        if (name != null && !name.isEmpty()) {
            for (OperationDefinition operation : operations) {
                if (name.equals(operation.getName())) return operation;
            }
            throw wrongName("the document has no operation of this name");
        }
        if (operations.size() == 1) return operations.getFirst();
        throw wrongName(
                operations.isEmpty()
                        ? "the document has no operation"
                        : "the document has several operations, name the one to run");
    }

    private static RequestRefused wrongName(String message) {
        return new RequestRefused(
                Refusal.OPERATION_NAME, ErrorEntry.badInput("operationName", message));
    }
}
