// SPDX-License-Identifier: Apache-2.0
/** Tests of the shell commands. */
@NullMarked
package org.spicetime.runtime.shell;

import org.jspecify.annotations.NullMarked;
