// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.tlsf;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;

/** Offers TLSF to domains. Thread-safe. */
@Component
public final class TlsfFactory implements AllocationStrategyFactory {
    private static final StrategyDescriptor DESCRIPTOR =
            new StrategyDescriptor(
                    "TLSF",
                    "1.0.0",
                    "Two-level segregated fit: allocation and release in bounded time, little waste.",
                    true,
                    BlockRows.UNIT_BYTES,
                    BlockRows.MAX_UNITS * BlockRows.UNIT_BYTES,
                    BlockRows.MAX_UNITS * BlockRows.UNIT_BYTES,
                    true,
                    Concurrency.SINGLE,
                    List.of());

    @Override
    public StrategyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public AllocationStrategy create(Geometry geometry, Options options) {
        return new Tlsf(geometry);
    }
}
