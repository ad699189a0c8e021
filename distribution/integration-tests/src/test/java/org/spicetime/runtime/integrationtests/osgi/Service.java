// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A field of an {@link OsgiIT} class that is filled inside the framework: with the probe's
 * BundleContext, or with a service, which is waited for.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@interface Service {
    /** Longest wait, in milliseconds. */
    long timeout() default 30_000;

    /** Further conditions, as an LDAP filter. */
    String filter() default "";
}
