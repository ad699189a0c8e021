// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import org.spicetime.runtime.graphql.engine.Answer;

/** How the responses of one operation look on the wire. Immutable. */
interface Framing {
    /**
     * One response.
     *
     * @throws IllegalArgumentException if it holds what has no JSON form
     */
    byte[] next(Answer response);

    /** The end of the operation; nothing of it follows. */
    byte[] complete();
}
