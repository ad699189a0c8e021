// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes a component of a payload or result record; the JSON Schema in the catalogue is made
 * from it. Ranges are checked by the host before the handler runs.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface PayloadField {
    /** What it means, with its unit. */
    String value();

    /**
     * JSON text of the value used when the member is missing; empty: it is required, unless it may
     * be null.
     */
    String defaultJson() default "";

    /** Smallest number, or shortest text or list. */
    double minimum() default Double.NEGATIVE_INFINITY;

    /** Largest number, or longest text or list. */
    double maximum() default Double.POSITIVE_INFINITY;
}
