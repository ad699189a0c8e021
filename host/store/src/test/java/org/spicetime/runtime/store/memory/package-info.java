// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code store.memory}. */
@NullMarked
package org.spicetime.runtime.store.memory;

import org.jspecify.annotations.NullMarked;
