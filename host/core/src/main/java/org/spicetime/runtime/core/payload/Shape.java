// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

/** How values of one Java type look as JSON. Immutable. */
interface Shape {

    /**
     * A Java value of a JSON value.
     *
     * @throws RefusedException BAD_USER_INPUT with the path, if it does not fit
     */
    Object read(String path, Object json);

    /**
     * A JSON value of a Java value.
     *
     * @throws RefusedException SCHEDULER_ERROR with the path, if there is none
     */
    @Nullable Object write(String path, Object value);

    /**
     * JSON Schema, without description.
     *
     * @param written whether of what is written, else of what is read
     */
    Map<String, Object> schema(boolean written);

    /** Whether null is among the values: the Java value then stands for it. */
    default @Nullable Object ofNull() {
        return null;
    }

    /** A value that does not fit. */
    static RefusedException unfit(String path, @Nullable Object json, String range) {
        return RefusedException.outOfRange(path, Shown.of(json), range)
                .with("value", Shown.of(json));
    }

    /** A result that JSON cannot hold. */
    static RefusedException unwritable(String path, String why) {
        return new RefusedException(
                RuntimeErrorCode.SCHEDULER_ERROR,
                path + " of the handler " + why,
                Map.of("field", path));
    }
}
