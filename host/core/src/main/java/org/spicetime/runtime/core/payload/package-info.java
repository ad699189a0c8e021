// SPDX-License-Identifier: Apache-2.0
/**
 * Between JSON and the records of handlers: binding, checking, writing, and the JSON Schema clients
 * are shown. Everything is thread-safe.
 */
@NullMarked
package org.spicetime.runtime.core.payload;

import org.jspecify.annotations.NullMarked;
