// SPDX-License-Identifier: Apache-2.0

/**
 * Who may come in: the administrator's token, the gate in front of every servlet, the door of the
 * web console, and the answers of health. Called by many request threads at a time.
 */
@NullMarked
package org.spicetime.runtime.security;

import org.jspecify.annotations.NullMarked;
