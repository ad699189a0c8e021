// SPDX-License-Identifier: Apache-2.0
/** Tests of TLSF. One thread. */
@NullMarked
package org.spicetime.runtime.memory.tlsf;

import org.jspecify.annotations.NullMarked;
