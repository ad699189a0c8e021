// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import org.jspecify.annotations.Nullable;

/** What every plugin tells. Thread-safe. */
public sealed interface Plugin permits PolicyPlugin, AllocatorPlugin, HandlerPlugin {

    /** By which it is chosen. */
    String name();

    /** Version of the plugin itself, not of its bundle. */
    String pluginVersion();

    /** Its bundle; null: built into the host. */
    @Nullable PluginOrigin origin();

    /** Symbolic name of its bundle; null: built into the host. */
    default @Nullable String bundle() {
        PluginOrigin origin = origin();
        return origin == null ? null : origin.bundle();
    }

    /** Version of its bundle; null: built into the host. */
    default @Nullable String version() {
        PluginOrigin origin = origin();
        return origin == null ? null : origin.version();
    }
}
