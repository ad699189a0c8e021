// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.kernel.task.LightTask;
import org.spicetime.runtime.kernel.task.Measured;

/** Light tasks on a worker: one after the other, or one that has slices. */
final class LightRun extends Run {

    /* Written under the guard; read by the worker without. */
    private volatile @Nullable LightTask task;

    LightRun(Worker worker, int slot, Slots slots) {
        super(worker, slot, slots);
    }

    @Override
    @Nullable LightTask sliced() {
        return task;
    }

    @Override
    String what() {
        LightTask present = task;
        return present == null ? "light tasks" : present.toString();
    }

    @Override
    void keepBack() {}

    @Override
    void begin() {
        cpuAtStart = Meter.cpuNow();
    }

    @Override
    Measured measure() {
        return new Measured(
                Math.max(0, Meter.cpuNow() - cpuAtStart),
                MeasurementAccuracy.EXACT,
                0,
                java.util.OptionalLong.empty(),
                java.util.OptionalLong.empty());
    }
}
