// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Tells the other parts of a domain what happens to its tasks, so that none of them knows the
 * others (a mediator). All of it inside the guard.
 */
final class DomainMediator implements TaskEvents {

    private final DomainBody body;
    private Runnable whenFinished = () -> {};
    private Consumer<List<TaskEntry>> whenWithdrawn = entries -> {};
    private Consumer<String> whenFenced = why -> {};
    private @Nullable TaskWindow window;

    DomainMediator(DomainBody body) {
        this.body = body;
    }

    /** What is to be done, inside the guard, with tasks that were not admitted after all. Once. */
    void whenWithdrawn(Consumer<List<TaskEntry>> action) {
        whenWithdrawn = action;
    }

    /** What is to be done, inside the guard, when another host owns the domain. Once. */
    void whenFenced(Consumer<String> action) {
        whenFenced = action;
    }

    /** What bounds its queue in memory. Once, at the beginning. */
    void window(TaskWindow its) {
        window = its;
    }

    /** What is to be done, inside the guard, whenever a task has ended. Once, at the beginning. */
    void whenFinished(Runnable action) {
        whenFinished = action;
    }

    @Override
    public boolean dispatching() {
        return body.life.dispatches();
    }

    @Override
    public void policyEjected(PolicyEjection ejection, long sinceNanos) {
        body.seats.policy.ejected(ejection, sinceNanos);
    }

    @Override
    public void leftBehind(int threads, @Nullable String why) {
        if (threads == 0) {
            body.limitation("threads", null);
        } else if (why != null) {
            body.limitation("threads", why + (threads > 1 ? " (one of " + threads + ")" : ""));
        }
    }

    @Override
    public void lightEnded() {
        whenFinished.run();
    }

    @Override
    public ExecutorConfig executor() {
        return body.executor();
    }

    @Override
    public void finished(TaskEntry entry) {
        whenFinished.run();
    }

    @Override
    public void withdrawn(List<TaskEntry> entries) {
        whenWithdrawn.accept(entries);
        whenFinished.run();
    }

    @Override
    public void fenced(String why) {
        whenFenced.accept(why);
    }

    @Override
    public void storeFails(@Nullable String why) {
        body.limitation("store", why);
    }

    @Override
    public boolean parks(DomainKernel kernel, List<TaskEntry> entries, Now now) {
        return window != null && window.parks(kernel, entries, now);
    }

    @Override
    public void left(TaskEntry entry) {
        if (window != null) {
            window.left(entry);
        }
    }

    @Override
    public void settled(DomainKernel kernel) {
        if (window != null) {
            window.look(kernel);
        }
    }

    @Override
    public void awaitedChanged(Set<DomainId> waiting, TaskId task, ForeignTask state) {
        body.guard.afterwards(() ->
                body.node
                        .notifier()
                        .execute(() ->
                                waiting.forEach(other ->
                                        body.node
                                                .siblings()
                                                .hosted(other)
                                                .ifPresent(domain ->
                                                        domain.foreignChanged(task, state)))));
    }
}
