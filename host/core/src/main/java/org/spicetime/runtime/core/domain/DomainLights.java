// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.core.dispatch.LightSource;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.KernelSettings;
import org.spicetime.runtime.kernel.task.LightTasks;
import org.spicetime.runtime.kernel.task.Now;

/** The kernel of a domain as its lane of light tasks sees it. Guarded by the domain's guard. */
final class DomainLights implements LightSource {

    private final DomainKernel kernel;
    private final Supplier<Now> clock;
    private final Supplier<ExecutorConfig> executor;
    private final LongConsumer waited;
    private final LongConsumer tookInAll;
    private final Runnable ended;

    DomainLights(
            DomainKernel kernel,
            Supplier<Now> clock,
            Supplier<ExecutorConfig> executor,
            LongConsumer waited,
            LongConsumer tookInAll,
            Runnable ended) {
        this.kernel = kernel;
        this.clock = clock;
        this.executor = executor;
        this.waited = waited;
        this.tookInAll = tookInAll;
        this.ended = ended;
    }

    @Override
    public LightTasks lights() {
        return kernel.lights();
    }

    @Override
    public KernelSettings settings() {
        return kernel.settings();
    }

    @Override
    public ExecutorConfig executor() {
        return executor.get();
    }

    @Override
    public boolean relaxed() {
        return kernel.activePolicy().descriptor().ordering() == Ordering.RELAXED;
    }

    @Override
    public Now now() {
        return clock.get();
    }

    @Override
    public void settle(Now now) {
        kernel.settle(now);
    }

    @Override
    public void beginPass() {
        kernel.lights().beginPass();
    }

    @Override
    public void endPass(Now now) {
        kernel.lights().endPass(now);
    }

    @Override
    public void waited(long nanos) {
        waited.accept(nanos);
    }

    @Override
    public void tookInAll(long nanos) {
        tookInAll.accept(nanos);
    }

    @Override
    public void ended() {
        ended.run();
    }

    @Override
    public int heavy() {
        return kernel.unfinished() - kernel.lights().unfinished();
    }
}
