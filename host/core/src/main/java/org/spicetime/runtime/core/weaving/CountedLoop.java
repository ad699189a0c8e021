// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.util.List;

/**
 * A loop that is tested at its top against a limit which stays the same, and whose variable goes
 * there in equal steps; innermost, or around innermost ones. Immutable.
 *
 * @param header position of the label that the loop begins with
 * @param compare position of the jump out of the loop
 * @param back position of the jump back to the header
 * @param variable slot of the loop variable
 * @param wide whether the variable is a long
 * @param limit the instructions that load the limit
 * @param up whether the variable grows
 * @param inclusive whether the loop runs for the limit itself too
 * @param nearEnd whether an inclusive limit may be so near the end of its type that the variable
 *     overflows
 * @param exit where the loop goes on
 * @param exitsBackwards whether that is the beginning of an outer loop
 * @param chunk how far the variable goes between two polls
 */
record CountedLoop(
        int header,
        int compare,
        int back,
        int variable,
        boolean wide,
        List<CodeElement> limit,
        boolean up,
        boolean inclusive,
        boolean nearEnd,
        Label exit,
        boolean exitsBackwards,
        int chunk) {
    CountedLoop {
        limit = List.copyOf(limit);
    }

    /** The same with another chunk. */
    CountedLoop chunk(int other) {
        return new CountedLoop(
                header,
                compare,
                back,
                variable,
                wide,
                limit,
                up,
                inclusive,
                nearEnd,
                exit,
                exitsBackwards,
                other);
    }

    /** The longest step of a variable. */
    static final int LONGEST_STEP = 64;
}
