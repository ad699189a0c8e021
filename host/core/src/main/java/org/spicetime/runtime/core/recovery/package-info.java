// SPDX-License-Identifier: Apache-2.0
/**
 * What a host needs to know about its last life: which tasks were in the hands of their handlers
 * when it ended. Thread-safe.
 */
@NullMarked
package org.spicetime.runtime.core.recovery;

import org.jspecify.annotations.NullMarked;
