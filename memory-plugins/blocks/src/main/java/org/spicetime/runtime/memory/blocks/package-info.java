// SPDX-License-Identifier: Apache-2.0
/**
 * Book-keeping that several allocation strategies share; each of them has a copy of its own. One
 * thread at a time calls an instance.
 */
@NullMarked
package org.spicetime.runtime.memory.blocks;

import org.jspecify.annotations.NullMarked;
