// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import graphql.language.Document;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.MultiSourceReader;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import graphql.parser.exceptions.ParseCancelledException;
import graphql.parser.exceptions.ParseCancelledTooDeepException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.spicetime.runtime.api.graphql.FieldFetcher;
import org.spicetime.runtime.api.graphql.SchemaContribution;
import org.spicetime.runtime.api.security.Role;

/**
 * What a contribution says of itself, parsed but not checked. Immutable.
 *
 * @param document its definitions
 * @param fetchers by coordinate
 * @param roles by coordinate
 */
record Fragment(
        Document document,
        Map<String, FieldFetcher> fetchers,
        Map<String, Role> roles,
        int ranking) {
    static final int MOST_CHARACTERS = 64 * 1024;
    static final int MOST_TOKENS = 10_000;
    private static final int DEEPEST = 200;

    Fragment {
        fetchers = Map.copyOf(fetchers);
        roles = Map.copyOf(roles);
    }

    /**
     * Asks a contribution, on a thread of its bundle.
     *
     * @throws BrokenFragmentException if it cannot be parsed
     */
    static Fragment of(SchemaContribution contribution) throws BrokenFragmentException {
        String sdl = contribution.sdl();
        // Copies, so that no map of the bundle is asked later.
        Map<String, FieldFetcher> fetchers = new TreeMap<>(contribution.fetchers());
        Map<String, Role> roles = new TreeMap<>(contribution.roles());
        return new Fragment(parse(sdl), fetchers, roles, contribution.ranking());
    }

    private static Document parse(String sdl) throws BrokenFragmentException {
        if (sdl.length() > MOST_CHARACTERS) {
            throw new BrokenFragmentException(
                    "its SDL has %d characters, at most %d are accepted"
                            .formatted(sdl.length(), MOST_CHARACTERS));
        }
        ParserOptions options =
                ParserOptions.newParserOptions()
                        .maxCharacters(MOST_CHARACTERS)
                        .maxTokens(MOST_TOKENS)
                        .maxRuleDepth(DEEPEST)
                        .captureIgnoredChars(false)
                        .captureLineComments(false)
                        .build();
        try {
            return new Parser()
                    .parseDocument(
                            ParserEnvironment.newParserEnvironment()
                                    .document(
                                            MultiSourceReader.newMultiSourceReader()
                                                    .string(sdl, "fragment")
                                                    .trackData(true)
                                                    .build())
                                    .parserOptions(options)
                                    .locale(Locale.ENGLISH)
                                    .build());
        } catch (ParseCancelledTooDeepException _) {
            throw new BrokenFragmentException(
                    "its SDL is nested deeper than " + DEEPEST + " grammar rules");
        } catch (ParseCancelledException _) {
            throw new BrokenFragmentException("its SDL has more than " + MOST_TOKENS + " tokens");
        } catch (InvalidSyntaxException e) {
            throw new BrokenFragmentException(
                    e.getLocation() == null ? 0 : e.getLocation().getLine(),
                    "its SDL does not parse: " + e.getMessage());
        }
    }
}
