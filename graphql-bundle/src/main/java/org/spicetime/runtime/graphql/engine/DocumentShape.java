// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How deep and how wide a document is, fragments expanded. It is measured without types, before
 * validation, and each fragment once: so a document that would expand to millions of fields costs
 * no more than its text. Used by one thread.
 */
final class DocumentShape {
    private static final long MOST = Integer.MAX_VALUE;
    private static final Measure NOTHING = new Measure(0, 0, 0, 0);

    /**
     * Most selections within each other, fragments expanded. Whoever walks a document goes as deep,
     * and a stack has an end.
     */
    private static final int NESTED = 400;

    private final Map<String, FragmentDefinition> fragments = new HashMap<>();
    private final Map<String, Measure> measured = new HashMap<>();
    private int nesting;

    private DocumentShape(Document document) {
        for (FragmentDefinition fragment :
                document.getDefinitionsOfType(FragmentDefinition.class)) {
            fragments.putIfAbsent(fragment.getName(), fragment);
        }
    }

    /** Refuses a document with an operation beyond the limits. */
    static void check(Document document, Limits limits) throws RequestRefused {
        int fragments = document.getDefinitionsOfType(FragmentDefinition.class).size();
        if (fragments > Limits.FRAGMENTS) {
            throw new RequestRefused(
                    Refusal.TOO_COMPLEX,
                    ErrorEntry.tooComplex(
                            "complexity",
                            "the document has %d fragments, at most %d are allowed"
                                    .formatted(fragments, Limits.FRAGMENTS)));
        }
        DocumentShape shape = new DocumentShape(document);
        for (OperationDefinition operation :
                document.getDefinitionsOfType(OperationDefinition.class)) {
            Measure measure = shape.measure(operation.getSelectionSet());
            within("depth", "levels deep", measure.depth(), limits.depth());
            within("aliases", "aliases", measure.aliases(), limits.aliases());
            within("rootFields", "root fields", measure.fields(), limits.rootFields());
        }
    }

    private static void within(String limit, String what, long value, int most)
            throws RequestRefused {
        if (value <= most) return;
        throw new RequestRefused(
                Refusal.TOO_COMPLEX,
                ErrorEntry.tooComplex(
                        limit,
                        "the operation has %s %s, at most %d are allowed"
                                .formatted(value == MOST ? "countless" : value, what, most)));
    }

    /**
     * Of a selection set.
     *
     * @param fields at its first level
     * @param nested selections within each other, itself included
     */
    private record Measure(long depth, long aliases, long fields, long nested) {
        Measure beside(Measure other) {
            return new Measure(
                    Math.max(depth, other.depth),
                    Math.min(MOST, aliases + other.aliases),
                    Math.min(MOST, fields + other.fields),
                    Math.max(nested, other.nested));
        }
    }

    private Measure measure(@Nullable SelectionSet set) throws RequestRefused {
        Measure sum = NOTHING;
        if (set == null) return sum;
        // Before it is known: the measure itself must not go too deep either.
        notTooNested(++nesting);
        for (Selection<?> selection : set.getSelections()) {
            sum =
                    sum.beside(
                            switch (selection) {
                                case Field field -> field(field);
                                case InlineFragment inline -> measure(inline.getSelectionSet());
                                case FragmentSpread spread -> fragment(spread.getName());
                                default -> NOTHING;
                            });
        }
        nesting--;
        notTooNested(sum.nested() + 1);
        return new Measure(sum.depth(), sum.aliases(), sum.fields(), sum.nested() + 1);
    }

    private static void notTooNested(long nested) throws RequestRefused {
        within("depth", "selections within each other", nested, NESTED);
    }

    private Measure field(Field field) throws RequestRefused {
        Measure below = measure(field.getSelectionSet());
        // Introspection is nested deeper by nature and has a rule of its own.
        boolean introspection = field.getName().startsWith("__");
        long depth = introspection ? 1 : 1 + below.depth();
        return new Measure(
                depth, below.aliases() + (field.getAlias() == null ? 0 : 1), 1, below.nested());
    }

    private Measure fragment(String name) throws RequestRefused {
        Measure known = measured.get(name);
        if (known != null) return known;
        FragmentDefinition fragment = fragments.get(name);
        if (fragment == null) return NOTHING;
        // A fragment within itself counts nothing here; validation refuses it.
        measured.put(name, NOTHING);
        Measure measure = measure(fragment.getSelectionSet());
        measured.put(name, measure);
        return measure;
    }
}
