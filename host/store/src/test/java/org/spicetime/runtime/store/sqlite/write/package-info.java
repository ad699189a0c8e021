// SPDX-License-Identifier: Apache-2.0
/** Tests of what waits for the writer. Called by one thread at a time. */
@NullMarked
package org.spicetime.runtime.store.sqlite.write;

import org.jspecify.annotations.NullMarked;
