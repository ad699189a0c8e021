// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.spicetime.runtime.kernel.task.Fixture.on;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * Random operations on tasks with locks and dependencies against a naive model, which knows who
 * took what and works out all else anew after every step: who owns a lock, that nobody waits for a
 * free one, and that everybody is exactly as urgent as the most urgent of those that wait for it,
 * however indirectly.
 */
final class RandomLocksTest {
    private static final List<PriorityProtocol> PROTOCOLS = List.of(PriorityProtocol.values());
    private static final int OPERATIONS = Boolean.getBoolean("test.long") ? 2_000_000 : 150_000;
    private static final int LOCKS = 5;

    /* A chain of all of them is no longer than urgency is passed on. */
    private static final int MOST_OPEN = Inheritance.DEEPEST - 2;

    private final Fixture domain = LocksTest.domain(PriorityProtocol.INHERITANCE, null);
    private final List<TaskEntry> open = new ArrayList<>();
    private final Map<TaskEntry, List<TaskEntry>> waitsFor = new HashMap<>();
    private final Map<String, Held> locks = new HashMap<>();
    private PriorityConfig priorities = domain.kernel.settings().priorities();
    private int deadlocks;
    private int refusals;
    private int handOvers;

    private static final class Held {
        TaskEntry owner;
        int depth = 1;
        final List<TaskEntry> waiters = new ArrayList<>();

        Held(TaskEntry owner) {
            this.owner = owner;
        }
    }

    @Test
    void whoHoldsWhatAndHowUrgentEachTaskIsAgreesWithANaiveModel(TestReporter reporter) {
        String given = System.getProperty("test.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        reporter.publishEntry("test.seed", Long.toString(seed));
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < OPERATIONS; step++) {
            try {
                act(random);
                check();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", step " + step, e);
            }
        }
        assertThat(deadlocks).as("deadlocks provoked").isGreaterThan(OPERATIONS / 2000);
        assertThat(refusals).as("ceilings met").isGreaterThan(OPERATIONS / 2000);
        assertThat(handOvers).as("locks handed over").isGreaterThan(OPERATIONS / 200);
        assertThat(domain.ejections).isEmpty();
    }

    private void act(SplittableRandom random) {
        int what = random.nextInt(100);
        if (what < 12) admit(random);
        else if (what < 25) pick(random);
        else if (what < 60) lock(random);
        else if (what < 80) giveBack(random);
        else if (what < 84) giveUp(random);
        else if (what < 90) end(random);
        else if (what < 93) cancel(random);
        else if (what < 99) changePriority(random);
        else changeProtocol(random);
    }

    private void admit(SplittableRandom random) {
        if (open.size() == MOST_OPEN) return;
        TaskRequest.Builder request = task().priority(random.nextInt(11));
        List<TaskEntry> on = new ArrayList<>();
        TaskEntry first = random.nextInt(3) == 0 ? any(open, random) : null;
        if (first != null) {
            on.add(first);
            request.dependsOn(on(first, DependencyType.COMPLETION));
        }
        Set<String> declared = new HashSet<>();
        for (int i = 0; i < LOCKS; i++) if (random.nextInt(3) > 0) declared.add("lock-" + i);
        Admission admission =
                new Admission(domain.newId(), request.build(), "noop").withLocks(declared);
        TaskEntry entry = domain.kernel.admit(List.of(admission), domain.now()).getFirst();
        open.add(entry);
        waitsFor.put(entry, on);
    }

    private void pick(SplittableRandom random) {
        domain.pass(Duration.ofNanos(random.nextInt(1000)));
        TaskEntry picked = domain.kernel.pick(random.nextInt(4), domain.now());
        if (picked == null) return;
        for (TaskEntry other : open)
            if (other.queued())
                assertThat(other.priority()).as("queued").isLessThanOrEqualTo(picked.priority());
    }

    private void lock(SplittableRandom random) {
        TaskEntry entry = any(running(), random);
        if (entry == null) return;
        String name = "lock-" + random.nextInt(LOCKS);
        Held held = locks.get(name);
        if (held != null && held.owner == entry) {
            assertThat(take(entry, name)).isTrue();
            held.depth++;
        } else if (isRefused(entry, name)) {
            refusals++;
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> take(entry, name))
                    .satisfies(e -> assertThat(e.details()).containsEntry("reason", "CEILING"));
        } else if (held == null) {
            assertThat(take(entry, name)).isTrue();
            locks.put(name, new Held(entry));
        } else {
            assertThat(take(entry, name)).isFalse();
            if (waitsIndirectly(held.owner, entry)) {
                deadlocks++;
                assertThatExceptionOfType(RefusedException.class)
                        .isThrownBy(() -> domain.kernel.locks().await(entry, name, domain.now()))
                        .satisfies(
                                e -> assertThat(e.details()).containsEntry("reason", "DEADLOCK"));
            } else {
                domain.kernel.locks().await(entry, name, domain.now());
                held.waiters.add(entry);
            }
        }
    }

    private boolean take(TaskEntry entry, String name) {
        return domain.kernel.locks().take(entry, name, domain.now());
    }

    private boolean isRefused(TaskEntry entry, String name) {
        if (priorities.protocol() != PriorityProtocol.CEILING) return false;
        Integer ceiling = priorities.ceiling();
        return ceiling == null
                ? !entry.declaredLocks.contains(name)
                : entry.basePriority() > ceiling;
    }

    private void giveBack(SplittableRandom random) {
        TaskEntry entry = any(running(), random);
        if (entry == null) return;
        String name = any(heldBy(entry), random);
        if (name == null) return;
        TaskEntry next = nextOf(name);
        domain.kernel.locks().giveBack(entry, name, domain.now());
        if (--locked(name).depth == 0) handOver(name, next);
    }

    private void giveUp(SplittableRandom random) {
        TaskEntry entry = any(waiting(), random);
        if (entry == null) return;
        assertThat(domain.kernel.locks().giveUp(entry, domain.now())).isTrue();
        locks.values().forEach(held -> held.waiters.remove(entry));
    }

    private void end(SplittableRandom random) {
        TaskEntry entry = any(running(), random);
        if (entry != null) end(entry);
    }

    private void end(TaskEntry entry) {
        List<String> held = entry.heldLocks();
        assertThat(held).containsExactlyInAnyOrderElementsOf(heldBy(entry));
        Map<String, @Nullable TaskEntry> next = new HashMap<>();
        for (String name : held) next.put(name, nextOf(name));
        domain.succeed(entry);
        for (String name : held) handOver(name, next.get(name));
        open.remove(entry);
    }

    private void cancel(SplittableRandom random) {
        TaskEntry entry = any(waiting(), random);
        if (entry == null) return;
        domain.kernel.cancel(entry.taskId(), null, domain.now());
        domain.kernel.unwind(entry, domain.now());
        locks.values().forEach(held -> held.waiters.remove(entry));
        check();
        end(entry);
    }

    private void changePriority(SplittableRandom random) {
        TaskEntry entry = any(open, random);
        if (entry != null)
            domain.kernel.changePriority(entry.taskId(), random.nextInt(11), domain.now());
    }

    private void changeProtocol(SplittableRandom random) {
        PriorityProtocol protocol = PROTOCOLS.get(random.nextInt(PROTOCOLS.size()));
        Integer ceiling = random.nextBoolean() ? random.nextInt(5) + 5 : null;
        domain.kernel.settings(LocksTest.settings(protocol, ceiling), domain.now());
        priorities = domain.kernel.settings().priorities();
    }

    private void handOver(String name, @Nullable TaskEntry next) {
        if (next == null) {
            locks.remove(name);
            return;
        }
        handOvers++;
        Held held = locked(name);
        held.owner = next;
        held.depth = 1;
        held.waiters.remove(next);
    }

    /* The most urgent waiter, of equals the one that came first. */
    private @Nullable TaskEntry nextOf(String name) {
        TaskEntry next = null;
        for (TaskEntry waiter : locked(name).waiters)
            if (next == null || urgency(waiter) > urgency(next)) next = waiter;
        return next;
    }

    private void check() {
        for (int i = 0; i < LOCKS; i++) {
            Held held = locks.get("lock-" + i);
            assertThat(domain.kernel.locks().owner("lock-" + i))
                    .as("owner of lock " + i)
                    .isSameAs(held == null ? null : held.owner);
            if (held == null) continue;
            assertThat(held.owner.isFinal()).isFalse();
            for (TaskEntry waiter : held.waiters) {
                assertThat(waiter.phase()).isEqualTo(TaskPhase.WAITING_RESOURCE);
                assertThat(waiter.awaitedLock()).isEqualTo("lock-" + i);
            }
        }
        for (TaskEntry entry : open) assertThat(entry.priority()).isEqualTo(urgency(entry));
    }

    private int urgency(TaskEntry entry) {
        int most = entry.basePriority();
        if (priorities.protocol() == PriorityProtocol.NONE) return most;
        for (TaskEntry other : open)
            if (other.unmet > 0 && Objects.requireNonNull(waitsFor.get(other)).contains(entry))
                most = Math.max(most, urgency(other));
        for (String name : heldBy(entry)) {
            most = Math.max(most, ceilingOf(name));
            for (TaskEntry waiter : locked(name).waiters) most = Math.max(most, urgency(waiter));
        }
        return most;
    }

    private int ceilingOf(String name) {
        if (priorities.protocol() != PriorityProtocol.CEILING) return 0;
        if (priorities.ceiling() != null) return priorities.ceiling();
        return open.stream()
                .filter(user -> user.declaredLocks.contains(name))
                .mapToInt(TaskEntry::basePriority)
                .max()
                .orElse(0);
    }

    private boolean waitsIndirectly(TaskEntry from, TaskEntry to) {
        if (from == to) return true;
        for (Held held : locks.values())
            if (held.waiters.contains(from) && waitsIndirectly(held.owner, to)) return true;
        return false;
    }

    private List<String> heldBy(TaskEntry entry) {
        return locks.keySet().stream().filter(name -> locked(name).owner == entry).toList();
    }

    private Held locked(String name) {
        return Objects.requireNonNull(locks.get(name), name);
    }

    private List<TaskEntry> running() {
        return open.stream().filter(entry -> entry.phase() == TaskPhase.RUNNING).toList();
    }

    private List<TaskEntry> waiting() {
        return open.stream().filter(entry -> entry.phase() == TaskPhase.WAITING_RESOURCE).toList();
    }

    private static <T> @Nullable T any(List<T> all, SplittableRandom random) {
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }
}
