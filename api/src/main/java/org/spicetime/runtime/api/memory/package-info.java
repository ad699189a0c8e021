// SPDX-License-Identifier: Apache-2.0
/**
 * The memory pool of a domain: what a task may take of it ({@link
 * org.spicetime.runtime.api.memory.TaskMemory}), how it is divided, and the contract of the bundles
 * that divide it.
 *
 * <p>An {@link org.spicetime.runtime.api.memory.AllocationStrategy} plans offsets within a range
 * and never sees the memory behind it. The host owns the memory, the quotas, the table of blocks
 * and a guard that checks every answer; a strategy that overlaps, hangs or throws is ejected and a
 * built-in first-fit takes over, while live blocks stay valid. A strategy is called by one thread
 * at a time unless it declares otherwise.
 *
 * <p>All sizes and offsets are bytes.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.memory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
