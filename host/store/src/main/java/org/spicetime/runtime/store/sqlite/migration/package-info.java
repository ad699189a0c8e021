// SPDX-License-Identifier: Apache-2.0
/**
 * The steps by which the layout of a store was made and changes: plain SQL, numbered from 1. Called
 * by one thread, before the store works.
 */
@NullMarked
package org.spicetime.runtime.store.sqlite.migration;

import org.jspecify.annotations.NullMarked;
