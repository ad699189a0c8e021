// SPDX-License-Identifier: Apache-2.0
/** Tests of the shared book-keeping. One thread. */
@NullMarked
package org.spicetime.runtime.memory.blocks;

import org.jspecify.annotations.NullMarked;
