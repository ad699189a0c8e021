// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import graphql.introspection.Introspection;
import graphql.language.Directive;
import graphql.language.Document;
import graphql.language.Node;
import graphql.language.NodeTraverser;
import graphql.language.NodeVisitorStub;
import graphql.schema.DataFetcher;
import graphql.schema.FieldCoordinates;
import graphql.schema.GraphQLDirective;
import graphql.schema.GraphQLSchema;
import graphql.util.TraversalControl;
import graphql.util.TraverserContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which directives clients may use. graphql-java puts its experimental ones into every schema,
 * where they would be accepted and do nothing: they are not told, and unknown to documents.
 * Thread-safe.
 */
@SuppressWarnings("rawtypes") // visitors of graphql-java take raw nodes
public final class OfferedDirectives {
    private static final Set<String> WITHHELD =
            Set.of("defer", "experimental_disableErrorPropagation");

    private OfferedDirectives() {}

    /** Uses of directives that this schema has and does not offer, in the order of the document. */
    public static List<Directive> withheld(Document document) {
        List<Directive> found = new ArrayList<>();
        new NodeTraverser()
                .preOrder(
                        new NodeVisitorStub() {
                            @Override
                            public TraversalControl visitDirective(
                                    Directive directive, TraverserContext<Node> context) {
                                if (WITHHELD.contains(directive.getName())) found.add(directive);
                                return TraversalControl.CONTINUE;
                            }
                        },
                        document);
        return found;
    }

    /** The schema, telling only what is offered when it is asked about itself. */
    static GraphQLSchema withoutWithheld(GraphQLSchema schema) {
        List<GraphQLDirective> offered =
                schema.getDirectives().stream()
                        .filter(directive -> !WITHHELD.contains(directive.getName()))
                        .toList();
        DataFetcher<List<GraphQLDirective>> told = environment -> offered;
        FieldCoordinates directives =
                FieldCoordinates.coordinates(Introspection.__Schema.getName(), "directives");
        return schema.transformWithoutTypes(builder ->
                builder.codeRegistry(
                        schema.getCodeRegistry()
                                .transform(code -> code.dataFetcher(directives, told))));
    }
}
