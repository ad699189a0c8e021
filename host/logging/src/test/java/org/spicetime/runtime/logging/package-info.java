// SPDX-License-Identifier: Apache-2.0
/** Tests of the log forwarder against logback itself. Called by one thread at a time. */
@NullMarked
package org.spicetime.runtime.logging;

import org.jspecify.annotations.NullMarked;
