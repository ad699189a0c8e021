// SPDX-License-Identifier: Apache-2.0
/**
 * The plugins deployed now: policies, allocation strategies and handlers, as they come and go. The
 * only place of the core that knows OSGi services. What a bundle says of itself is checked before
 * anybody else sees it, and its code is called by a guard that takes the time. Thread-safe; readers
 * see a consistent snapshot and never wait.
 */
@NullMarked
package org.spicetime.runtime.core.plugins;

import org.jspecify.annotations.NullMarked;
