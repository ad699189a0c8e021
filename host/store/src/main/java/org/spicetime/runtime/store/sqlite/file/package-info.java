// SPDX-License-Identifier: Apache-2.0
/** Which files a store consists of. Its types are immutable. */
@NullMarked
package org.spicetime.runtime.store.sqlite.file;

import org.jspecify.annotations.NullMarked;
