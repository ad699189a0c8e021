// SPDX-License-Identifier: Apache-2.0
/**
 * What is the matter with the host and its domains right now. Rules make findings of what other
 * parts tell; the book makes alerts of findings, which begin and end with their cause. Thread-safe;
 * nothing here calls out while it holds a lock.
 */
@NullMarked
package org.spicetime.runtime.core.alerts;

import org.jspecify.annotations.NullMarked;
