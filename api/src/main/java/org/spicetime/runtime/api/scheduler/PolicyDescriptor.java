// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.spicetime.runtime.api.OptionSpec;

/**
 * What a scheduling policy is and promises. JSON Schema and forms are made from the options.
 *
 * <p>Immutable.
 *
 * @param name value of the enum by which domains choose it, such as {@code EDF}; capital letters,
 *     digits and underscores. Vendors begin theirs with their own prefix
 * @param version version of the policy, such as {@code 1.0.0}; not blank
 * @param description one sentence for the person who chooses; not blank
 * @param ordering whether picks follow the policy's order exactly
 * @param preemptive whether the arrival of a more urgent task takes the processor from a running
 *     one
 * @param deadlineAware whether deadlines influence the order
 * @param starvationBound how often a ready task can be passed over at most; empty: no promise, and
 *     the host does not eject the policy for starving a task
 * @param options what can be set, names unique
 */
public record PolicyDescriptor(
        String name,
        String version,
        String description,
        Ordering ordering,
        boolean preemptive,
        boolean deadlineAware,
        Optional<StarvationBound> starvationBound,
        List<OptionSpec> options) {

    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]*");
    private static final int LONGEST_NAME = 64;

    /**
     * Checks name, texts and the uniqueness of option names.
     *
     * @throws IllegalArgumentException if a component is not as described
     */
    public PolicyDescriptor {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "policy name must match %s with at most %d characters, was \"%s\""
                            .formatted(NAME, LONGEST_NAME, name));
        }
        if (version.isBlank()) {
            throw new IllegalArgumentException("policy " + name + " needs a version");
        }
        if (description.isBlank()) {
            throw new IllegalArgumentException("policy " + name + " needs a description");
        }
        options = List.copyOf(options);
        Set<String> seen = new HashSet<>();
        for (OptionSpec option : options) {
            if (!seen.add(option.name())) {
                throw new IllegalArgumentException(
                        "policy " + name + " declares option " + option.name() + " twice");
            }
        }
    }
}
