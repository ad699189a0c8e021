// SPDX-License-Identifier: Apache-2.0

/**
 * Commands of the Gogo shell for domains, tasks, policies and memory. Whoever has the shell has all
 * rights, so there is no shell unless the host is started with one. Commands keep no state; each is
 * called by the thread of its session.
 */
@NullMarked
package org.spicetime.runtime.shell;

import org.jspecify.annotations.NullMarked;
