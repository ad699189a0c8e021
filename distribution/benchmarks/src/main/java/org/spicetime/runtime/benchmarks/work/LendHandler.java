// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.work;

import java.util.Collection;
import java.util.Set;
import java.util.function.BiConsumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;

/**
 * Lends the memory of its task to the bundle that measures, which does a job with it on the thread
 * of the task: a consumer of the number of the job and of what the task has, registered with the
 * name of the domain. Thread-safe.
 */
@SuppressWarnings("rawtypes")
public final class LendHandler implements TaskHandler<LendHandler.Job, LendHandler.Done> {
    /** Name by which it is asked for. */
    public static final String NAME = "benchmark.lend";

    /**
     * What to do.
     *
     * @param number by which the borrower knows it
     */
    public record Job(long number) {}

    /**
     * That it was done.
     *
     * @param number of the job
     */
    public record Done(long number) {}

    private final BundleContext bundle;

    /** For the activator. */
    public LendHandler(BundleContext bundle) {
        this.bundle = bundle;
    }

    @Override
    public HandlerDescriptor<Job, Done> descriptor() {
        return new HandlerDescriptor<>(
                NAME,
                "1.0.0",
                "Lends its memory to a job of the benchmarks.",
                Job.class,
                Done.class,
                Set.of());
    }

    @Override
    @SuppressWarnings("unchecked")
    public Done run(Job payload, TaskContext context) throws InvalidSyntaxException {
        Collection<ServiceReference<BiConsumer>> found =
                bundle.getServiceReferences(
                        BiConsumer.class, "(benchmark=" + context.domain() + ")");
        if (found.isEmpty()) throw new IllegalStateException("nobody does job " + payload);
        bundle.getService(found.iterator().next())
                .accept(
                        payload.number(),
                        new Object[] {
                            context.memory(), context.arena(), (Runnable) context::checkpoint
                        });
        return new Done(payload.number());
    }
}
