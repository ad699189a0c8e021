// SPDX-License-Identifier: Apache-2.0
/**
 * Brings what bundles tell the OSGi log service into the one log of the host, keeps its newest
 * records in memory, and sets the levels of its loggers. Thread-safe; records are made by whoever
 * logs, and told to listeners by one thread of its own.
 */
@NullMarked
package org.spicetime.runtime.logging;

import org.jspecify.annotations.NullMarked;
