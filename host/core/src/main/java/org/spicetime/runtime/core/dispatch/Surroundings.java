// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.network.NetworkClient;
import org.spicetime.runtime.core.memory.DomainPool;

/**
 * What a started domain lends to its attempts. Immutable; the parts are thread-safe.
 *
 * @param domain the domain
 * @param epoch of its owner
 * @param pool its memory
 * @param network its network
 */
public record Surroundings(DomainId domain, long epoch, DomainPool pool, NetworkClient network) {}
