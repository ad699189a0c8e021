// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.network.NetworkClient;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.core.memory.DomainPool;
import org.spicetime.runtime.core.recovery.InFlight;

/**
 * What a started domain lends to its attempts. Immutable; the parts are thread-safe.
 *
 * @param domain the domain
 * @param lease under which it was started
 * @param pool its memory
 * @param network its network
 * @param inFlight remembers which durable tasks are in the hands of their handlers
 */
public record Surroundings(
        DomainId domain, Lease lease, DomainPool pool, NetworkClient network, InFlight inFlight) {}
