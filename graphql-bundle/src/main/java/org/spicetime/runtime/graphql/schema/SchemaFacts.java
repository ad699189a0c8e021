// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Which schema answers a request. Immutable.
 *
 * @param generation counts schema swaps since the start, from 1
 * @param hash SHA-256 of the SDL in hexadecimal
 * @param since when it was put in place
 * @param sdl its text
 * @param contributed coordinates that bundles added, by symbolic name
 */
public record SchemaFacts(
        int generation,
        String hash,
        Instant since,
        String sdl,
        Map<String, List<String>> contributed) {
    public SchemaFacts {
        contributed = Map.copyOf(contributed);
    }

    /** What a bundle added: type names and {@code Type.field}, in order; empty for others. */
    public List<String> coordinatesOf(String bundle) {
        return contributed.getOrDefault(bundle, List.of());
    }
}
