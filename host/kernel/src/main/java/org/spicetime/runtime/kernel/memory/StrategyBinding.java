// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.StrategyDescriptor;

/**
 * The choice of an allocation strategy for one pool. Immutable.
 *
 * @param factory makes the instance
 * @param descriptor what the factory told when it was registered
 * @param options values for the options of the descriptor, checked
 * @param bundle symbolic name of the bundle to name when it misbehaves; null: built in
 */
public record StrategyBinding(
        AllocationStrategyFactory factory,
        StrategyDescriptor descriptor,
        Options options,
        @Nullable String bundle) {

    public StrategyBinding {
        Objects.requireNonNull(factory, "factory");
        Objects.requireNonNull(descriptor, "descriptor");
        Objects.requireNonNull(options, "options");
    }

    /** The built-in first-fit, which needs no bundle. */
    public static StrategyBinding firstFit() {
        FirstFitFactory factory = new FirstFitFactory();
        return new StrategyBinding(factory, factory.descriptor(), NoOptions.INSTANCE, null);
    }

    /** Name of the strategy, a value of the enum of allocators. */
    public String name() {
        return descriptor.name();
    }
}
