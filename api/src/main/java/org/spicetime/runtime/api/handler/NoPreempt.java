// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method, constructor or class of a handler's bundle in which a task is neither preempted nor
 * ended: the host puts no polls into its code, and the polls of what it calls do nothing until it
 * returns. For short steps that must not be torn apart, such as changing two fields that belong
 * together outside a lock. {@link TaskContext#checkpoint} gives way and throws there as anywhere.
 *
 * <p>The protection is limited in time: polls act again once somebody has waited 100 ms for the
 * task to leave such a method.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.TYPE})
public @interface NoPreempt {}
