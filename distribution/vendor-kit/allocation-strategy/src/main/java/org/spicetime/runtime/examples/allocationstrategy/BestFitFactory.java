// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.allocationstrategy;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;

/** Offers {@code EXAMPLE_BEST_FIT}. Thread-safe. */
@Component(service = AllocationStrategyFactory.class)
public final class BestFitFactory implements AllocationStrategyFactory {

    private static final StrategyDescriptor DESCRIPTOR =
            new StrategyDescriptor(
                    "EXAMPLE_BEST_FIT",
                    "1.0.0",
                    "The shortest free range that has room.",
                    false,
                    64,
                    1L << 40,
                    1L << 40,
                    false,
                    Concurrency.SINGLE,
                    List.of());

    /** Called by the service registry or the service loader. */
    public BestFitFactory() {}

    @Override
    public StrategyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public AllocationStrategy create(Geometry geometry, Options options) {
        return new BestFit(geometry);
    }
}
