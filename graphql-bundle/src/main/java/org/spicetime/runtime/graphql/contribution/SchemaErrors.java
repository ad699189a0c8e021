// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import graphql.GraphQLError;
import graphql.language.SourceLocation;
import graphql.schema.idl.errors.SchemaProblem;
import java.util.List;

/** What is wrong with a schema that could not be built, in a sentence. */
final class SchemaErrors {
    private static final int LONGEST = 500;

    private SchemaErrors() {}

    static String told(RuntimeException failure) {
        if (!(failure instanceof SchemaProblem problem) || problem.getErrors().isEmpty()) {
            return cut(String.valueOf(failure.getMessage()));
        }
        GraphQLError first = problem.getErrors().getFirst();
        List<SourceLocation> places = first.getLocations();
        int line =
                places == null
                        ? 0
                        : places.stream()
                                .filter(place -> "fragment".equals(place.getSourceName()))
                                .mapToInt(SourceLocation::getLine)
                                .findFirst()
                                .orElse(0);
        return new BrokenFragmentException(line, cut(first.getMessage())).reason();
    }

    private static String cut(String message) {
        String oneLine = message.replaceAll("\\s+", " ").strip();
        return oneLine.length() <= LONGEST ? oneLine : oneLine.substring(0, LONGEST) + "...";
    }
}
