// SPDX-License-Identifier: Apache-2.0
/**
 * The domains of the host: their life cycle, configuration, reservations, tasks and watches.
 *
 * <p>Who owns what:
 *
 * <ul>
 *   <li>{@link org.spicetime.runtime.core.domain.DomainsService} owns the threads of the node
 *       (timer, sampler, notifier, control) and the {@link
 *       org.spicetime.runtime.core.domain.HostedDomains} that are there; {@link
 *       org.spicetime.runtime.core.domain.Membership} creates and deletes them.
 *   <li>{@link org.spicetime.runtime.core.domain.HostedDomain} owns one domain, which users have as
 *       a {@link org.spicetime.runtime.core.domain.DomainFacade}. Slow changes (start, stop,
 *       configure, allocate, a plugin that comes) are made one at a time under its {@code changes}
 *       lock, on the thread that asks for them. What dispatch reads is guarded by the domain's
 *       guard, which is only ever taken inside of {@code changes}, never the other way.
 *   <li>No lock of one domain is held while another domain is asked: what one domain tells another
 *       goes through the notifier thread.
 *   <li>Listeners are told by the notifier thread, without any lock.
 * </ul>
 */
@NullMarked
package org.spicetime.runtime.core.domain;

import org.jspecify.annotations.NullMarked;
