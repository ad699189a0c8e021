// SPDX-License-Identifier: Apache-2.0
/**
 * The network of a domain's tasks: HTTP within the domain's limits, counted. Everything is
 * thread-safe.
 */
@NullMarked
package org.spicetime.runtime.core.network;

import org.jspecify.annotations.NullMarked;
