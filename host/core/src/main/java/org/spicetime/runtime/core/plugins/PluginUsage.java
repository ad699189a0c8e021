// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.List;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.PluginKind;

/** Who uses what. Thread-safe. */
@FunctionalInterface
public interface PluginUsage {

    /** Domains that use the plugin of this name now. */
    List<DomainId> domains(PluginKind kind, String name);
}
