// SPDX-License-Identifier: Apache-2.0
/**
 * Copies of the store on disk: taken while it works, checked before anybody relies on them, and put
 * back while it does not. A file is made under another name, synchronised with its folder, and only
 * then renamed (T. S. Pillai and others, <i>All File Systems Are Not Created Equal</i>, OSDI 2014).
 *
 * <p>Called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.store.sqlite.backup;

import org.jspecify.annotations.NullMarked;
