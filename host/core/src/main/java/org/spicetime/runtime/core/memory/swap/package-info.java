// SPDX-License-Identifier: Apache-2.0
/**
 * Movable blocks of a pool that lie in a file while nobody looks at them: the file, the choice of
 * the blocks that go, and the guard against a pool that does nothing but exchange blocks. Classes
 * say themselves who guards them; no lock of this package is held while the file is read or written
 * for a block, and none of the pool's.
 */
@NullMarked
package org.spicetime.runtime.core.memory.swap;

import org.jspecify.annotations.NullMarked;
