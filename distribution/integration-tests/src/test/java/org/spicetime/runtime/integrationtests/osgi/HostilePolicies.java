// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.StarvationBound;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * Policies that keep their contract, so that they pass the trial, until they are armed. Immutable,
 * the trigger aside.
 */
enum HostilePolicies implements SchedulingPolicyFactory {
    /** Throws instead of picking. */
    THROWS(EjectionReason.EXCEPTION, ThrowsWhenPicking::new),
    /** Throws an error of the JVM, not an exception. */
    OVERFLOWS(EjectionReason.EXCEPTION, OverflowsWhenQueueing::new),
    /** A keyed one whose key throws. */
    KEY_THROWS(EjectionReason.EXCEPTION, KeyThrows::new),
    /** Forgets tasks and counts as if it had never seen them. */
    LOSES(EjectionReason.LOST, LosesTasks::new),
    /** Forgets tasks and pretends to hold them still. */
    HIDES(EjectionReason.LOST, HidesTasks::new),
    /** Says that it holds a negative number of tasks. */
    MISCOUNTS(EjectionReason.LOST, Miscounts::new),
    /** Gives the same task twice. */
    DOUBLES(EjectionReason.INVALID_RESULT, GivesTwice::new),
    /** Names an instant that is long past for its next decision, and picks nothing. */
    STALLS(EjectionReason.INVALID_RESULT, Stalls::new),
    /** Promises that nobody waits long, and gives the newest first. */
    STARVES(EjectionReason.STARVATION, Starves::new),
    /** Spins for ever, and catches whatever is to stop it. */
    SPINS(EjectionReason.HUNG, Spins::new),
    /** A keyed one that spins in a lambda, called by a library. */
    KEY_SPINS(EjectionReason.HUNG, KeySpins::new),
    /** Sleeps, and sleeps again when it is woken. */
    SLEEPS(EjectionReason.HUNG, Sleeps::new),
    /** Takes a millisecond for each pick. */
    CRAWLS(EjectionReason.SLOW, Crawls::new),
    /** Allocates forty megabytes with each pick. */
    GORGES(EjectionReason.RESOURCE_ABUSE, Gorges::new),
    /** Asks for more memory than there can be. */
    EXHAUSTS(EjectionReason.RESOURCE_ABUSE, Exhausts::new);

    private static volatile boolean armed;
    private static volatile @Nullable Instant brokenSince;

    private final EjectionReason reason;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor reference
    private final Supplier<Policy> made;

    HostilePolicies(EjectionReason reason, Supplier<Policy> made) {
        this.reason = reason;
        this.made = made;
    }

    /** From now on they break it, or no more. */
    static void arm(boolean now) {
        brokenSince = null;
        armed = now;
    }

    /** When the first of them broke it since they were armed; null: none has. */
    static @Nullable Instant brokenSince() {
        return brokenSince;
    }

    /* Asked where it is about to be broken. */
    private static boolean isArmed() {
        if (armed && brokenSince == null) {
            brokenSince = Instant.now();
        }
        return armed;
    }

    /**
     * What it may be ejected for: whoever floods the heap may be late first, for its collection.
     */
    Set<EjectionReason> reasons() {
        return this == GORGES ? Set.of(reason, EjectionReason.HUNG) : Set.of(reason);
    }

    @Override
    public PolicyDescriptor descriptor() {
        return new PolicyDescriptor(
                "TEST_" + name(),
                "1.0.0",
                "Breaks its contract.",
                Ordering.STRICT,
                false,
                false,
                this == STARVES ? Optional.of(new StarvationBound(1, 4)) : Optional.empty(),
                List.of());
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return made.get();
    }

    /** First come first served, as the contract has it. */
    private static class Honest implements SchedulingPolicy {
        final ArrayDeque<PolicyNode> queue = new ArrayDeque<>();

        @Override
        public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
            queue.add(node);
        }

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (!startedOnly) {
                return queue.poll();
            }
            for (PolicyNode node : queue) {
                if (node.task().started()) {
                    queue.remove(node);
                    return node;
                }
            }
            return null;
        }

        @Override
        public int compare(PolicyNode a, PolicyNode b, long now) {
            return 0;
        }

        @Override
        public long quantum(PolicyNode node) {
            return 0;
        }

        @Override
        public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {}

        @Override
        public boolean remove(PolicyNode node) {
            return queue.remove(node);
        }

        @Override
        public void changed(PolicyNode node, Change change, long now) {}

        @Override
        public long nextDecisionAt(long now) {
            return Long.MAX_VALUE;
        }

        @Override
        public int size() {
            return queue.size();
        }
    }

    private static final class ThrowsWhenPicking extends Honest {
        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (isArmed()) {
                throw new IllegalStateException("hostile");
            }
            return super.pickNext(slot, now, startedOnly);
        }
    }

    private static final class OverflowsWhenQueueing extends Honest {
        @Override
        public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
            if (isArmed()) {
                throw new StackOverflowError("hostile");
            }
            super.enqueue(node, reason, now);
        }
    }

    private static final class LosesTasks extends Honest {
        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (isArmed()) {
                queue.poll();
            }
            return super.pickNext(slot, now, startedOnly);
        }
    }

    private static final class HidesTasks extends Honest {
        private int hidden;

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (isArmed() && queue.poll() != null) {
                hidden++;
            }
            return super.pickNext(slot, now, startedOnly);
        }

        @Override
        public int size() {
            return queue.size() + hidden;
        }
    }

    private static final class GivesTwice extends Honest {
        private @Nullable PolicyNode given;

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (isArmed() && given != null) {
                return given;
            }
            given = super.pickNext(slot, now, startedOnly);
            return given;
        }
    }

    private static final class Miscounts extends Honest {
        @Override
        public int size() {
            return isArmed() ? -1 : super.size();
        }
    }

    private static final class Stalls extends Honest {
        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            return isArmed() ? null : super.pickNext(slot, now, startedOnly);
        }

        @Override
        public long nextDecisionAt(long now) {
            return isArmed() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Gives the newest; the oldest it keeps for ever, and always means to give it soon. */
    private static final class Starves extends Honest {
        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (!isArmed() || startedOnly) {
                return super.pickNext(slot, now, startedOnly);
            }
            return queue.size() == 1 ? null : queue.pollLast();
        }

        @Override
        public long nextDecisionAt(long now) {
            return isArmed() ? now + 1_000_000 : Long.MAX_VALUE;
        }
    }

    @SuppressWarnings("InfiniteLoopStatement") // that is the crime
    private static final class Spins extends Honest {
        private final AtomicLong spun = new AtomicLong();

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            while (isArmed()) {
                try {
                    while (true) {
                        spun.incrementAndGet();
                    }
                } catch (Throwable swallowed) {
                    spun.set(0);
                }
            }
            return super.pickNext(slot, now, startedOnly);
        }
    }

    private static final class KeySpins implements KeyedPolicy {
        @Override
        public long key(TaskView task) {
            if (isArmed()) {
                return LongStream.iterate(task.seq(), n -> n ^ 1).filter(n -> n < 0).sum();
            }
            return task.seq();
        }
    }

    private static final class Sleeps extends Honest {
        private final AtomicLong woken = new AtomicLong();

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            while (isArmed()) {
                try {
                    Thread.sleep(3_600_000);
                } catch (InterruptedException e) {
                    woken.incrementAndGet();
                }
            }
            return super.pickNext(slot, now, startedOnly);
        }
    }

    private static final class Crawls extends Honest {
        private final AtomicLong turns = new AtomicLong();

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            for (long end = System.nanoTime() + 1_000_000; isArmed() && System.nanoTime() < end; ) {
                turns.incrementAndGet();
            }
            return super.pickNext(slot, now, startedOnly);
        }
    }

    private static final class Gorges extends Honest {
        private byte[] meal = new byte[0];

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (isArmed()) {
                meal = new byte[meal.length == 0 ? 40 << 20 : 41 << 20];
            }
            return super.pickNext(slot, now, startedOnly);
        }
    }

    private static final class Exhausts extends Honest {
        private long[] wish = new long[0];

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (isArmed()) {
                wish = new long[Integer.MAX_VALUE - wish.length];
            }
            return super.pickNext(slot, now, startedOnly);
        }
    }

    private static final class KeyThrows implements KeyedPolicy {
        @Override
        public long key(TaskView task) {
            if (isArmed()) {
                throw new ArithmeticException("hostile");
            }
            return task.seq();
        }
    }
}
