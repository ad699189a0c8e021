// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import org.spicetime.runtime.api.catalogue.PluginKind;

/**
 * Is told what comes and goes. Called by the thread that caused it, outside of any lock, in any
 * order with other threads: look the name up to know how it is now. Should be quick.
 */
public interface PluginListener {

    /** From now on the plugin of this name is offered, or is another one. */
    void arrived(PluginKind kind, String name);

    /** The plugin of this name is gone. */
    void left(PluginKind kind, String name);
}
