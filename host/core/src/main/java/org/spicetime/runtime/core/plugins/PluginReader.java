// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulabilityTest;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.kernel.memory.FirstFitFactory;
import org.spicetime.runtime.kernel.scheduling.SafeFifo;

/** Reads what a plugin says of itself, once and under guard. Thread-safe. */
@SuppressWarnings("NullAway") // what foreign code answers may break its contract; checked here
final class PluginReader {

    /** A plugin, or why it cannot be used. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws PluginFailure;
    }

    private final PluginGuard guard;
    private final Factories factories;

    PluginReader(PluginGuard guard) {
        this.guard = guard;
        factories = new Factories(guard);
    }

    PolicyPlugin safeFifo() {
        SafeFifo factory = new SafeFifo();
        return new PolicyPlugin(factory, factory.descriptor(), Optional.empty(), null, factories);
    }

    AllocatorPlugin firstFit() {
        FirstFitFactory factory = new FirstFitFactory();
        return new AllocatorPlugin(factory, factory.descriptor(), null, factories);
    }

    PolicyPlugin policy(SchedulingPolicyFactory factory, PluginOrigin origin) throws PluginFailure {
        return guard.call(
                "descriptor()",
                origin,
                () -> {
                    PolicyDescriptor descriptor = present(factory.descriptor());
                    Optional<SchedulabilityTest> test = factory.schedulabilityTest();
                    if (test == null) {
                        throw new IllegalArgumentException("schedulabilityTest() answered null");
                    }
                    return new PolicyPlugin(factory, descriptor, test, origin, factories);
                });
    }

    AllocatorPlugin allocator(AllocationStrategyFactory factory, PluginOrigin origin)
            throws PluginFailure {
        return guard.call(
                "descriptor()",
                origin,
                () -> {
                    StrategyDescriptor descriptor = present(factory.descriptor());
                    return new AllocatorPlugin(factory, descriptor, origin, factories);
                });
    }

    HandlerPlugin handler(TaskHandler<?, ?> handler, PluginOrigin origin) throws PluginFailure {
        return guard.call("descriptor()", origin, () -> HandlerPlugin.of(handler, origin));
    }

    private static <T> T present(@Nullable T descriptor) {
        if (descriptor == null) {
            throw new IllegalArgumentException("descriptor() answered null");
        }
        return descriptor;
    }
}
