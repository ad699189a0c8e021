// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.kernel.memory.StrategyBinding;
import org.spicetime.runtime.kernel.memory.StrategyEjection;
import org.spicetime.runtime.kernel.memory.StrategyTrial;

/** An allocation strategy that can be chosen now. Thread-safe. */
public final class AllocatorPlugin implements Plugin {

    private static final String FIELD = "memory.parameters";

    private final AllocationStrategyFactory factory;
    private final StrategyDescriptor descriptor;
    private final @Nullable PluginOrigin origin;
    private final Factories factories;

    AllocatorPlugin(
            AllocationStrategyFactory factory,
            StrategyDescriptor descriptor,
            @Nullable PluginOrigin origin,
            Factories factories) {
        this.factory = factory;
        this.descriptor = descriptor;
        this.origin = origin;
        this.factories = factories;
    }

    /** What it is, as it said once. */
    public StrategyDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public String name() {
        return descriptor.name();
    }

    @Override
    public String pluginVersion() {
        return descriptor.version();
    }

    @Override
    public @Nullable PluginOrigin origin() {
        return origin;
    }

    /**
     * Parameters with defaults filled in.
     *
     * @throws RefusedException BAD_USER_INPUT if one does not fit
     */
    public Options options(Map<String, Object> parameters) {
        return OptionValues.of(descriptor.options(), parameters, FIELD);
    }

    /**
     * Makes an instance for one pool. Waits for the plugin, so no lock may be held.
     *
     * @throws RefusedException BAD_USER_INPUT if a parameter or the geometry does not fit,
     *     SCHEDULER_ERROR if the plugin threw, answered nothing or took too long
     */
    public AllocationStrategy create(Geometry geometry, Map<String, Object> parameters) {
        Options options = options(parameters);
        checkGeometry(geometry);
        return factories.make(
                "memory.allocationType", this, () -> factory.create(geometry, options));
    }

    /**
     * Tries an instance on a pool that nobody needs. Waits for the plugin, so no lock may be held.
     *
     * @param poolBytes size of the pool it is meant for
     * @return what it is at fault for; null: nothing was found, or it is built in
     * @throws RefusedException BAD_USER_INPUT if a parameter does not fit, CONFLICT if the pool
     *     does not suit it
     */
    public @Nullable TrialFault tryOut(long poolBytes, Map<String, Object> parameters) {
        StrategyBinding binding =
                new StrategyBinding(factory, descriptor, options(parameters), bundle());
        return factories.tried(
                this,
                () -> {
                    StrategyEjection found =
                            StrategyTrial.rehearse(binding, poolBytes, name().hashCode());
                    return found == null
                            ? null
                            : new TrialFault(found.reason(), found.message(), found.report());
                });
    }

    private void checkGeometry(Geometry geometry) {
        if (geometry.poolBytes() > descriptor.maxPoolBytes()) {
            throw RefusedException.outOfRange(
                    "memory.poolSize",
                    geometry.poolBytes(),
                    "at most %d bytes with allocator %s"
                            .formatted(descriptor.maxPoolBytes(), descriptor.name()));
        }
        if (geometry.granuleBytes() != descriptor.granuleBytes()) {
            throw new IllegalArgumentException(
                    "granule must be %d bytes for strategy %s, was %d"
                            .formatted(
                                    descriptor.granuleBytes(),
                                    descriptor.name(),
                                    geometry.granuleBytes()));
        }
    }
}
