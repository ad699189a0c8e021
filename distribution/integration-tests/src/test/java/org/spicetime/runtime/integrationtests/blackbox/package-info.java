// SPDX-License-Identifier: Apache-2.0
/**
 * Tests that start the assembled distribution as a process and look at it from outside: exit codes,
 * files, HTTP and WebSocket. They run on the thread of JUnit.
 */
@NullMarked
package org.spicetime.runtime.integrationtests.blackbox;

import org.jspecify.annotations.NullMarked;
