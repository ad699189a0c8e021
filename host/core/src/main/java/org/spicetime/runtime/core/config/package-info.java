// SPDX-License-Identifier: Apache-2.0
/**
 * The configuration of a domain: one table of properties with their ranges and defaults, and the
 * patch that changes all or nothing. Every type here is immutable; nothing here touches a domain.
 */
@NullMarked
package org.spicetime.runtime.core.config;

import org.jspecify.annotations.NullMarked;
