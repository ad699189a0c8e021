// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.config;

import java.util.Collection;
import java.util.Map;

/** What can be chosen now, because a bundle offers it. Thread-safe. */
public interface Choosable {

    /** Names of the policies deployed, the built-in one included. */
    Collection<String> policies();

    /** Names of the allocation strategies deployed, the built-in one included. */
    Collection<String> allocators();

    /** Refuses parameters that do not fit the options of a deployed policy. */
    void checkPolicyParameters(String policy, Map<String, Object> parameters);

    /** Refuses parameters, or a pool size, that do not fit a deployed strategy. */
    void checkAllocator(String allocator, long poolBytes, Map<String, Object> parameters);

    /** Whether tasks can be stored so that they survive a crash. */
    boolean durable();
}
