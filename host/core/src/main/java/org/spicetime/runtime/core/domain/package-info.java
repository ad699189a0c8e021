// SPDX-License-Identifier: Apache-2.0
/**
 * The domains of the host: their life cycle, configuration, reservations, tasks and watches.
 *
 * <p>Who owns what:
 *
 * <ul>
 *   <li>{@link org.spicetime.runtime.core.domain.DomainsService} owns the set of domains and the
 *       threads of the node (timer, sampler, notifier, control).
 *   <li>{@link org.spicetime.runtime.core.domain.HostedDomain} owns one domain. Slow changes
 *       (start, stop, configure, allocate, a plugin that comes) are made one at a time under its
 *       {@code changes} lock, on the thread that asks for them. What dispatch reads is guarded by
 *       the domain's guard, which is only ever taken inside of {@code changes}, never the other
 *       way.
 *   <li>No lock of one domain is held while another domain is asked: what one domain tells another
 *       goes through the notifier thread.
 *   <li>Listeners are told by the notifier thread, without any lock.
 * </ul>
 */
@NullMarked
package org.spicetime.runtime.core.domain;

import org.jspecify.annotations.NullMarked;
