// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Map;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.core.plugins.AllocatorPlugin;

/** Makes instances of a strategy under the guard of the registry. Thread-safe. */
record GuardedStrategies(AllocatorPlugin plugin, Map<String, Object> parameters)
        implements AllocationStrategyFactory {
    @Override
    public StrategyDescriptor descriptor() {
        return plugin.descriptor();
    }

    @Override
    public AllocationStrategy create(Geometry geometry, Options options) {
        return plugin.create(geometry, parameters);
    }
}
