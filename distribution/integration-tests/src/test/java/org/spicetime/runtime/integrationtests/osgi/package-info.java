// SPDX-License-Identifier: Apache-2.0
/**
 * Tests that run inside a real OSGi framework with the bundles of the distribution, and the JUnit
 * extension that takes them there. Test methods run on the thread of JUnit; what they register as a
 * service is called by threads of the host.
 */
@NullMarked
package org.spicetime.runtime.integrationtests.osgi;

import org.jspecify.annotations.NullMarked;
