// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.poll;

/**
 * Ends a call into a plugin that took too long. Thrown again by each following poll of the call, so
 * code that catches everything does not get far. Immutable.
 */
public final class PluginEjected extends Error {
    private static final long serialVersionUID = 1L;

    PluginEjected() {
        super("the host ended this call because it took too long");
    }
}
