// SPDX-License-Identifier: Apache-2.0
/**
 * The machine as OSHI sees it. One thread samples; requests are answered from memory. No type of
 * OSHI or JNA leaves the bundle.
 */
@NullMarked
package org.spicetime.runtime.hardware;

import org.jspecify.annotations.NullMarked;
