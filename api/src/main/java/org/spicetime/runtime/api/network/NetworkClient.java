// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.network;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The network as a task sees it: every call keeps within the domain's {@link NetworkConfig} and is
 * counted in its {@link NetworkMetrics}. Thread-safe.
 */
@ProviderType
public interface NetworkClient {
    /**
     * Sends a request and waits for the whole answer. Waits for a free connection of the domain
     * first; a cancellation of the task interrupts both waits.
     *
     * @param call the request
     * @return the answer
     * @throws NetworkException without an answer; an answer of any status is not an exception
     * @throws InterruptedException if the task is cancelled meanwhile
     */
    HttpReply exchange(HttpCall call) throws NetworkException, InterruptedException;
}
