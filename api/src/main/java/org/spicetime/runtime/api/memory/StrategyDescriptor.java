// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.spicetime.runtime.api.OptionSpec;

/**
 * What an allocation strategy is and promises. JSON Schema and forms are made from the options.
 *
 * <p>Immutable.
 *
 * @param name value of the enum by which domains choose it, such as {@code TLSF}; capital letters,
 *     digits and underscores. Vendors begin theirs with their own prefix
 * @param version version of the strategy, such as {@code 1.0.0}; not blank
 * @param description one sentence for the person who chooses; not blank
 * @param boundedTime whether allocate and release take a time that does not depend on the number of
 *     blocks
 * @param granuleBytes offsets and sizes of blocks are multiples of this; a power of two
 * @param maxPoolBytes largest pool it can divide; a multiple of the granule
 * @param maxBlockBytes largest block it can hand out; at most the largest pool
 * @param movable whether it can plan moves, so that its pool can be compacted
 * @param concurrency which calls it takes from several threads at once
 * @param options what can be set, names unique
 */
public record StrategyDescriptor(
        String name,
        String version,
        String description,
        boolean boundedTime,
        long granuleBytes,
        long maxPoolBytes,
        long maxBlockBytes,
        boolean movable,
        Concurrency concurrency,
        List<OptionSpec> options) {

    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]*");
    private static final int LONGEST_NAME = 64;

    /**
     * Checks name, texts, sizes and the uniqueness of option names.
     *
     * @throws IllegalArgumentException if a component is not as described
     */
    public StrategyDescriptor {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "strategy name must match %s with at most %d characters, was \"%s\""
                            .formatted(NAME, LONGEST_NAME, name));
        }
        if (version.isBlank()) {
            throw new IllegalArgumentException("strategy " + name + " needs a version");
        }
        if (description.isBlank()) {
            throw new IllegalArgumentException("strategy " + name + " needs a description");
        }
        if (granuleBytes <= 0 || Long.bitCount(granuleBytes) != 1) {
            throw new IllegalArgumentException(
                    "strategy %s: granule must be a power of two, was %d bytes"
                            .formatted(name, granuleBytes));
        }
        if (maxPoolBytes <= 0 || maxPoolBytes % granuleBytes != 0) {
            throw new IllegalArgumentException(
                    "strategy %s: largest pool must be a positive multiple of %d bytes, was %d"
                            .formatted(name, granuleBytes, maxPoolBytes));
        }
        if (maxBlockBytes <= 0 || maxBlockBytes > maxPoolBytes) {
            throw new IllegalArgumentException(
                    "strategy %s: largest block must be 1 to %d bytes, was %d"
                            .formatted(name, maxPoolBytes, maxBlockBytes));
        }
        options = List.copyOf(options);
        Set<String> seen = new HashSet<>();
        for (OptionSpec option : options) {
            if (!seen.add(option.name())) {
                throw new IllegalArgumentException(
                        "strategy " + name + " declares option " + option.name() + " twice");
            }
        }
    }
}
