// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.hardware.HardwareMetrics;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import org.spicetime.runtime.core.health.MachineChecks;

/**
 * Services of other bundles that the host does well without: null while they are not there.
 * Thread-safe; each is exchanged atomically.
 */
final class OptionalServices {

    /** What measures the machine. */
    final AtomicReference<@Nullable HardwareMetrics> hardware = new AtomicReference<>();

    /** What checks the machine. */
    final AtomicReference<@Nullable MachineChecks> machine = new AtomicReference<>();

    /** What tells of bundles. */
    final AtomicReference<@Nullable Bundles> bundles = new AtomicReference<>();

    /** The processors as they were measured last. */
    ProcessorSample processor() {
        HardwareMetrics present = hardware.get();
        return present == null ? ProcessorSample.UNKNOWN : present.sample().processor();
    }
}
