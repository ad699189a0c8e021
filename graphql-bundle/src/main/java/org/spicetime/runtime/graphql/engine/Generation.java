// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.GraphQL;
import graphql.ParseAndValidate;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.introspection.GoodFaithIntrospection;
import graphql.language.Directive;
import graphql.language.Document;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import graphql.parser.exceptions.ParseCancelledException;
import graphql.parser.exceptions.ParseCancelledTooDeepException;
import graphql.parser.exceptions.ParseCancelledTooManyCharsException;
import graphql.schema.GraphQLSchema;
import graphql.validation.GoodFaithIntrospectionExceeded;
import graphql.validation.QueryComplexityLimits;
import graphql.validation.ValidationError;
import graphql.validation.ValidationErrorType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.graphql.contribution.Composition;
import org.spicetime.runtime.graphql.schema.OfferedDirectives;
import org.spicetime.runtime.graphql.schema.SchemaFacts;
import org.spicetime.runtime.graphql.schema.ServedNames;
import org.spicetime.runtime.graphql.schema.ServedSchema;

/**
 * One schema, the engine over it and the documents prepared for it. A document of one schema is not
 * valid for another, so the cache belongs here. Thread-safe; immutable apart from the cache.
 */
final class Generation {
    private static final long CACHE_BYTES = 32L << 20;
    private static final int WARMED = 100;
    private static final long REFUSED_BYTES = 1L << 20;
    private static final long ANSWERS_BYTES = 8L << 20;

    /** What a parsed document takes, by its text; an AST node is some 100 bytes. */
    private static final int BYTES_PER_CHARACTER = 40;

    private final SchemaFacts facts;
    private final ServedNames names;
    private final Composition composition;
    private final GraphQLSchema schema;
    private final GraphQL graphQl;
    private final Limits limits;
    private final ParserOptions parserOptions;
    private final BoundedCache<Prepared> documents = new BoundedCache<>(CACHE_BYTES);
    private final RenderGroups groups = new RenderGroups(System::nanoTime);
    private final BoundedCache<KeptAnswer> answers = new BoundedCache<>(ANSWERS_BYTES);
    private final BoundedCache<RequestRefused> refused = new BoundedCache<>(REFUSED_BYTES);

    Generation(int number, ServedNames names, Composition composition, Limits limits) {
        this.composition = composition;
        this.schema = composition.schema();
        String sdl = ServedSchema.print(schema);
        this.facts =
                new SchemaFacts(
                        number, Hashes.sha256(sdl), Instant.now(), sdl, composition.contributed());
        this.names = names;
        this.limits = limits;
        this.parserOptions =
                ParserOptions.newParserOptions()
                        .maxCharacters(Limits.CHARACTERS)
                        .maxTokens(limits.tokens())
                        .captureIgnoredChars(false)
                        .captureLineComments(false)
                        .build();
        this.graphQl =
                GraphQL.newGraphQL(schema)
                        // An event of a subscription is executed like a query, over that event.
                        .subscriptionExecutionStrategy(new TolerantExecution.OfQueries())
                        .queryExecutionStrategy(new TolerantExecution.OfQueries())
                        .mutationExecutionStrategy(new TolerantExecution.OfMutations())
                        .doNotAutomaticallyDispatchDataLoader()
                        .preparsedDocumentProvider((input, parse) ->
                                CompletableFuture.completedFuture(
                                        Objects.requireNonNull(
                                                input.getGraphQLContext()
                                                        .<PreparsedDocumentEntry>get(
                                                                PreparsedDocumentEntry.class))))
                        .build();
    }

    SchemaFacts facts() {
        return facts;
    }

    ServedNames names() {
        return names;
    }

    Composition composition() {
        return composition;
    }

    GraphQLSchema schema() {
        return schema;
    }

    /** Its open streams. */
    RenderGroups groups() {
        return groups;
    }

    GraphQL graphQl() {
        return graphQl;
    }

    /** Prepares what another generation was asked for most recently. */
    void warm(Generation before) {
        for (String text : before.documents.hottest(WARMED)) {
            try {
                prepare(text);
            } catch (RequestRefused e) {
                // It asks for what is served no more; whoever sends it again is told so.
                refused.put(text, e, 2000 + 2L * text.length());
            }
        }
    }

    /** Lets go of its documents: the streams that keep it hold what they need of them. */
    void retire() {
        documents.clear();
        refused.clear();
        answers.clear();
    }

    /** The answer to a document that is {@link Prepared#constant}, if it was given before. */
    @Nullable KeptAnswer kept(String text) {
        return answers.get(text);
    }

    /** Keeps the answer to such a document. */
    KeptAnswer keep(String text, Answer answer) {
        KeptAnswer kept = new KeptAnswer(answer);
        answers.put(text, kept, kept.size() + 2L * text.length());
        return kept;
    }

    /** The document of a text, from the cache if it was seen before. */
    Prepared prepare(String text) throws RequestRefused {
        Prepared known = documents.get(text);
        if (known != null) return known;
        RequestRefused refusal = refused.get(text);
        if (refusal != null) throw refusal;
        try {
            Prepared prepared = Prepared.of(schema, validated(text));
            documents.put(text, prepared, 500 + (long) BYTES_PER_CHARACTER * text.length());
            return prepared;
        } catch (RequestRefused e) {
            refused.put(text, e, 2000 + 2L * text.length());
            throw e;
        }
    }

    private Document validated(String text) throws RequestRefused {
        Document document = parse(text);
        DocumentShape.check(document, limits);
        List<ValidationError> errors;
        try {
            errors =
                    ParseAndValidate.validate(
                            schema,
                            document,
                            rule -> true,
                            Locale.ENGLISH,
                            QueryComplexityLimits.DEFAULT);
        } catch (GoodFaithIntrospectionExceeded e) {
            throw new RequestRefused(
                    Refusal.TOO_COMPLEX,
                    ErrorEntry.tooComplex(
                            "complexity",
                            "introspection asks for the same more than once, or for more than "
                                    + GoodFaithIntrospection.GOOD_FAITH_MAX_FIELDS_COUNT
                                    + " fields"));
        }
        List<Directive> withheld = OfferedDirectives.withheld(document);
        if (!errors.isEmpty() || !withheld.isEmpty()) throw refuse(document, errors, withheld);
        return document;
    }

    private RequestRefused refuse(
            Document document, List<ValidationError> errors, List<Directive> withheld) {
        List<ErrorEntry> unavailable = ChoiceCheck.literals(schema, document);
        List<ErrorEntry> entries = new ArrayList<>(unavailable);
        for (ValidationError error : errors) {
            ValidationErrorType type =
                    error.getValidationErrorType() instanceof ValidationErrorType known
                            ? known
                            : ValidationErrorType.InvalidSyntax;
            if (type == ValidationErrorType.MaxQueryDepthExceeded
                    || type == ValidationErrorType.MaxQueryFieldsExceeded) {
                return new RequestRefused(
                        Refusal.TOO_COMPLEX,
                        ErrorEntry.tooComplex("complexity", error.getMessage()));
            }
            // A name that is not available was told already, in better words.
            if (!unavailable.isEmpty() && type == ValidationErrorType.WrongType) continue;
            entries.add(
                    ErrorEntry.of(
                                    RequestErrorCode.GRAPHQL_VALIDATION_FAILED,
                                    Messages.cleaned(error.getMessage()),
                                    Map.of())
                            .at(
                                    error.getLocations() == null ? List.of() : error.getLocations(),
                                    List.of()));
        }
        for (Directive directive : withheld) {
            entries.add(
                    ErrorEntry.of(
                                    RequestErrorCode.GRAPHQL_VALIDATION_FAILED,
                                    "Unknown directive '%s'".formatted(directive.getName()),
                                    Map.of())
                            .at(List.of(directive.getSourceLocation()), List.of()));
        }
        return new RequestRefused(Refusal.VALIDATION, entries);
    }

    private Document parse(String text) throws RequestRefused {
        try {
            return new Parser()
                    .parseDocument(
                            ParserEnvironment.newParserEnvironment()
                                    .document(text)
                                    .parserOptions(parserOptions)
                                    .locale(Locale.ENGLISH)
                                    .build());
        } catch (ParseCancelledTooDeepException e) {
            throw tooComplex("depth", "the document is nested too deep");
        } catch (ParseCancelledTooManyCharsException e) {
            throw tooComplex(
                    "tokens", "the document has more than " + Limits.CHARACTERS + " characters");
        } catch (ParseCancelledException e) {
            throw tooComplex("tokens", "the document has more than " + limits.tokens() + " tokens");
        } catch (InvalidSyntaxException e) {
            ErrorEntry entry =
                    ErrorEntry.of(
                            RequestErrorCode.GRAPHQL_PARSE_FAILED,
                            Messages.cleaned(String.valueOf(e.getMessage())),
                            Map.of());
            throw new RequestRefused(
                    Refusal.PARSE,
                    e.getLocation() == null
                            ? entry
                            : entry.at(List.of(e.getLocation()), List.of()));
        }
    }

    private static RequestRefused tooComplex(String limit, String message) {
        return new RequestRefused(Refusal.TOO_COMPLEX, ErrorEntry.tooComplex(limit, message));
    }
}
