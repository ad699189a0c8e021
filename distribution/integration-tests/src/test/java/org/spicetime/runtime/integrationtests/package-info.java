// SPDX-License-Identifier: Apache-2.0
/**
 * Rules that hold over all modules: dependencies between them and their module descriptors. Each
 * test runs on the thread of JUnit.
 */
@NullMarked
package org.spicetime.runtime.integrationtests;

import org.jspecify.annotations.NullMarked;
