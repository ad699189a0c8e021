// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/** What every task store has to hold when a domain passes from one owner to the next. */
public abstract class TakeoverContract extends TaskLifeContract {

    /** For subclasses. */
    protected TakeoverContract() {}

    @Test
    void aFormerOwnerIsFencedOut() {
        Task task = ready();
        submit(task);
        Lease former = lease;
        lease = store.acquire(DOMAIN, HOST, VALID);
        assertThat(lease.epoch()).isEqualTo(former.epoch() + 1);
        assertThat(lease.incarnation()).isEqualTo(former.incarnation());
        refused(
                Reason.FENCED,
                () ->
                        await(
                                store.append(
                                        former,
                                        List.of(
                                                new TaskEvent.Started(
                                                        task.id(), now(), former.claim(1))))));
        refused(Reason.FENCED, () -> append(former, 1, List.of(submitted(ready(), 0))));
        refused(
                Reason.STALE,
                () -> append(new TaskEvent.Started(task.id(), now(), former.claim(1))));
        append(started(task, 1));
    }

    @Test
    void epochsAreThoseOfADomain() {
        Lease other = store.acquire(DomainId.of("other"), HOST, VALID);
        assertThat(other.epoch()).isEqualTo(1);
        assertThat(other.incarnation()).isNotEqualTo(lease.incarnation());
        append(cancelledAtOnce());
    }

    private TaskEvent cancelledAtOnce() {
        Task task = ready();
        submit(task);
        return cancelled(task, null);
    }

    @Test
    void takingADomainOverSettlesWhatRan() {
        Function<CrashPolicy, Task> running =
                policy -> {
                    Task task =
                            task(TaskPhase.READY, request -> request.maxRetries(1).onCrash(policy));
                    submit(task);
                    append(started(task, 1));
                    return task;
                };
        Task again = running.apply(CrashPolicy.RETRY);
        Task never = running.apply(CrashPolicy.FAIL);
        Task asked = running.apply(CrashPolicy.ASK);
        Task cancelling = running.apply(CrashPolicy.RETRY);
        Task spent = ready();
        submit(spent);
        append(
                started(spent, 1),
                new TaskEvent.CancelRequested(cancelling.id(), now(), "eve", null));
        lease = store.acquire(DOMAIN, HOST, VALID);
        assertThat(phase(again)).isEqualTo(TaskPhase.RETRY_WAIT);
        assertThat(phase(never)).isEqualTo(TaskPhase.FAILED);
        assertThat(phase(asked)).isEqualTo(TaskPhase.SUSPENDED);
        assertThat(phase(cancelling)).isEqualTo(TaskPhase.CANCELLED);
        assertThat(phase(spent)).as("no attempt left").isEqualTo(TaskPhase.FAILED);
        assertThat(store.due(DOMAIN, 10)).hasSize(1);
    }
}
