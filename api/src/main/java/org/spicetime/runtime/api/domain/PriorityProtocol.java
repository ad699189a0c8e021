// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/**
 * Protocols against priority inversion, after Sha, Rajkumar and Lehoczky, <i>Priority Inheritance
 * Protocols: An Approach to Real-Time Synchronization</i>, IEEE Transactions on Computers 39(9),
 * 1990.
 */
public enum PriorityProtocol {
    /** None; inversion is possible. */
    NONE,
    /** The holder of a resource inherits the priority of the most urgent waiter. */
    INHERITANCE,
    /** The holder of a resource runs at its ceiling at once. */
    CEILING
}
