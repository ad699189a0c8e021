// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.core.lane.HandOver;
import org.spicetime.runtime.core.lane.Inbox;
import org.spicetime.runtime.kernel.task.KernelCounts;
import org.spicetime.runtime.kernel.task.LightTask;
import org.spicetime.runtime.kernel.task.LightTasks;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Now;

/**
 * How light tasks get from those who submit them to the workers, and what they cost there. Who
 * submits puts them into an inbox without the domain's guard; whoever has the guard next, a worker
 * that looks for work as a rule, shows them to the kernel and takes what is most urgent. While
 * tasks are short, a worker takes several from one visit and comes soon again, so nobody wakes
 * anybody; while they are not, or none is there, the one who submits goes in itself and sees to it
 * that the task is looked at. Methods that say so are called under the guard, the others by any
 * thread.
 */
public final class Lane {

    private static final int INBOX = 1 << 12;
    private static final int DRAINED = 512;
    private static final int SAMPLED = 16;
    private static final int LOOKED_AFTER = 128;

    /** A look at workers after so long, by one of them or by the timer; ns. */
    private static final long LOOK = 100_000;

    private static final long TIMER_LOOK = 1_000_000;
    private static final long QUIET = 10_000_000;
    private static final long IO_LOOK = 10_000_000;

    private final DomainGuard guard;
    private final LightSource source;
    private final Dispatcher dispatcher;
    private final Inbox<LightWork> inbox = new Inbox<>(INBOX);
    private final HandOver handOver;
    private final Room room = new Room();
    private final Pace pace = new Pace();

    /* Written under the guard, read by all. */
    private volatile int prompt;
    private volatile boolean brief;
    private volatile long most;

    /* Guarded by the guard. */
    private int promptNow;
    private long taken;
    private long lastLook;
    private long lastBusy;
    private long nextLook = Long.MAX_VALUE;

    Lane(DomainGuard guard, LightSource source, Dispatcher dispatcher) {
        this.guard = guard;
        this.source = source;
        this.dispatcher = dispatcher;
        handOver = new HandOver(inbox, section());
    }

    /* ---- by those who submit ---- */

    /**
     * Submits work, which was not submitted before.
     *
     * @throws RejectedExecutionException there is no room for it, and none came in time
     */
    public void submit(LightWork work) {
        boolean sampled = !brief || inbox.offered() % SAMPLED == 0;
        if (sampled || work.hasDeadline()) {
            work.sampled = sampled;
            work.submittedAt(System.nanoTime());
        }
        long before = inbox.offer(work, most);
        if (before < 0) {
            before = submitLate(work, before);
        }
        if (prompt == 0 || before % LOOKED_AFTER == 0 && inbox.size() > LOOKED_AFTER) {
            handOver.look();
        }
    }

    private long submitLate(LightWork work, long refused) {
        long answer = refused;
        long until = 0;
        room.enter();
        try {
            while (answer < 0) {
                long seen = room.seen();
                ExecutorConfig config = relieve();
                answer = inbox.offer(work, most);
                if (answer == Inbox.BEYOND) {
                    until = room.await(config, until, seen);
                }
            }
        } finally {
            room.leave();
        }
        return answer;
    }

    /* Empties the inbox, and says again how much may come. */
    private ExecutorConfig relieve() {
        try {
            guard.enter();
        } catch (RefusedException hangs) {
            throw new RejectedExecutionException(hangs.getMessage(), hangs);
        }
        try {
            takeIn();
            return source.executor();
        } finally {
            guard.leave();
        }
    }

    /** Takes work out again that has not begun; false: it has begun or ended. */
    public boolean withdraw(LightWork work) {
        guard.enterPatiently();
        try {
            takeIn();
            dispatcher.slots().forEachLight(this::takeBack);
            return cancel(work);
        } finally {
            guard.leave();
        }
    }

    /** Ends work that is under way, or takes it out. */
    public void stop(LightWork work) {
        if (withdraw(work)) {
            return;
        }
        guard.enterPatiently();
        try {
            dispatcher.endings().stop(work);
        } finally {
            guard.leave();
        }
    }

    /**
     * Takes out all that has not begun, and asks to end what has; of one owner.
     *
     * @return what was taken out, in the order of the policy if it is known
     */
    public List<Runnable> clear(LightWork.Owner owner) {
        guard.enterPatiently();
        try {
            takeIn();
            dispatcher.slots().forEachLight(this::takeBack);
            List<Runnable> out = new ArrayList<>();
            for (LightTask task : source.lights().waiting(each -> isOf(owner, each))) {
                if (task instanceof LightWork work && cancel(work)) {
                    out.add(work.work);
                }
            }
            dispatcher.endings().stopLight(owner);
            return out;
        } finally {
            guard.leave();
        }
    }

    private static boolean isOf(LightWork.Owner owner, LightTask task) {
        return task instanceof LightWork work && work.owner.equals(owner);
    }

    /**
     * Takes out all that has not begun, as its domain ends; whoever waits for it is told. Under the
     * guard.
     *
     * @return how many
     */
    public int clear() {
        takeIn();
        dispatcher.slots().forEachLight(this::takeBack);
        int out = 0;
        for (LightTask task : source.lights().waiting(each -> true)) {
            if (task instanceof LightWork work && cancel(work)) {
                guard.afterwards(work::giveUp);
                out++;
            }
        }
        return out;
    }

    private boolean cancel(LightWork work) {
        boolean out = source.lights().cancel(work, source.now().nanos());
        if (out) {
            work.owner.ended();
        }
        return out;
    }

    /** Nobody may come for what is in the inbox. After the guard was left. */
    void left() {
        handOver.left();
    }

    private HandOver.Section section() {
        return new HandOver.Section() {
            @Override
            public boolean tryEnter() {
                return guard.tryEnter();
            }

            @Override
            public void takeIn() {
                Lane.this.takeIn();
            }

            @Override
            public void leave() {
                guard.leaveOnly();
            }

            @Override
            public boolean attended() {
                return prompt > 0;
            }
        };
    }

    /* ---- under the guard ---- */

    /** Shows the kernel all that was submitted, and has workers come for it. Under the guard. */
    public void takeIn() {
        if (inbox.isEmpty()) {
            return;
        }
        Now now = source.now();
        source.beginPass();
        LightTasks lights = source.lights();
        lights.expectShort(takesSeveral());
        int came = 0;
        int size = Math.max(DRAINED, inbox.size());
        for (LightWork work = inbox.poll(); work != null; work = inbox.poll()) {
            lights.arrived(work, now.nanos());
            work.owner.admitted();
            if (++came >= size) {
                break;
            }
        }
        taken += came;
        source.endPass(now);
        source.settle(now);
        call();
    }

    /* A worker more is worth its waking only if there is more to do than is done meanwhile. */
    private void call() {
        int ready = dispatcher.ready();
        if (!brief || source.relaxed()) {
            dispatcher.wake(ready);
        } else if (ready > 2 * Tray.STRICT_BATCH || promptNow == 0 && ready > 0) {
            dispatcher.wake(dispatcher.coming() == 0 ? 1 : 0);
        }
    }

    private boolean takesSeveral() {
        return brief || source.relaxed();
    }

    /** A worker begins with this task, and with others of its kind that come next. */
    void begin(LightRun run, LightWork first) {
        run.lingers = false;
        if (first.started()) {
            run.bind(first);
            return;
        }
        ExecutorConfig executor = source.executor();
        boolean relaxed = source.relaxed();
        int batch = relaxed ? executor.batchSize() : Tray.STRICT_BATCH;
        Tray tray = run.tray;
        tray.fit(batch);
        tray.outbox.add(first);
        LightTasks lights = source.lights();
        Now now = source.now();
        source.beginPass();
        for (int i = 1; i < batch && tray.outbox.size() < tray.outbox.capacity(); i++) {
            LightTask next = lights.another(source.settings(), now.nanos());
            if (!(next instanceof LightWork work)) {
                break;
            }
            tray.outbox.add(work);
        }
        source.endPass(now);
        prompter(run, now);
        call();
    }

    private void prompter(LightRun run, Now now) {
        if (brief) {
            run.prompt = true;
            promptNow++;
            lastBusy = now.nanos();
            if (nextLook == Long.MAX_VALUE) {
                nextLook = now.nanos() + TIMER_LOOK;
            }
        }
    }

    /** Whether a worker that found nothing should look for a while longer; once. */
    boolean linger(LightRun run) {
        if (!brief || run.lingers) {
            run.lingers = false;
            return false;
        }
        run.lingers = true;
        prompter(run, source.now());
        return true;
    }

    /** Waits a little for something to come. On the worker, without the guard. */
    void await(LightRun run) {
        for (int i = 0; i < 100 && inbox.isEmpty() && run.worker.hasNothing(); i++) {
            Thread.onSpinWait();
        }
    }

    /** Takes something from the tray of another worker; whether there was something. */
    boolean steal(LightRun thief, LightRun from) {
        if (source.relaxed() && !source.executor().workStealing()) {
            return false;
        }
        int wanted = Math.min((from.tray.outbox.size() + 1) / 2, thief.tray.outbox.capacity());
        int got = 0;
        for (; got < wanted; got++) {
            LightWork work = from.tray.outbox.poll();
            if (work == null) {
                break;
            }
            thief.tray.outbox.add(work);
        }
        if (got > 0) {
            thief.lingers = false;
            prompter(thief, source.now());
        }
        return got > 0;
    }

    /** Accounts for all that a run has done. */
    void account(LightRun run, Meter meter) {
        if (run.prompt) {
            run.prompt = false;
            promptNow--;
        }
        Tray tray = run.tray;
        LightTasks lights = source.lights();
        LightWork alone = run.sliced();
        Now now = source.now();
        int well = run.wellSoFar();
        int badly = run.badlySoFar();
        int missed = 0;
        for (int i = 0; i < tray.doneCount; i++) {
            LightWork work = tray.done[i];
            if (work == null) {
                continue;
            }
            if (work.equals(alone)) {
                lights.finished(work, !work.hasFailed(), now);
                well -= work.hasFailed() ? 0 : 1;
                badly -= work.hasFailed() ? 1 : 0;
            }
            if (work.late || work.deadline() < now.nanos() && !work.timed) {
                missed++;
            }
            work.owner.ended();
        }
        lights.finished(well, badly);
        if (tray.doneCount > 0) {
            source.ended();
        }
        lights.missedDeadlines(missed);
        for (int i = 0; i < tray.samples; i++) {
            source.waited(tray.waits[i]);
            source.tookInAll(tray.totals[i]);
            pace.sample(tray.lengths[i]);
            LightWork work = tray.sampled[i];
            if (work != null && !work.equals(alone) && run.slot != Run.NO_SLOT) {
                lights.ran(work, run.slot, tray.begins[i], tray.lengths[i]);
            }
        }
        brief = pace.brief();
        LightWork carried = tray.carried;
        if (carried != null) {
            lights.takenBack(carried, now);
            // It stopped in between because somebody was about to make it the run of one task.
            takeBack(run);
        }
        run.accounted();
        if (now.nanos() - tray.ioMark > IO_LOOK) {
            tray.ioMark = now.nanos();
            meter.countIo();
        }
        if (now.nanos() - lastLook > LOOK) {
            look(now);
        }
    }

    /** The worker does not come back: what it was at has failed. */
    void giveUp(LightRun run, Measured measured) {
        if (run.prompt) {
            run.prompt = false;
            promptNow--;
        }
        takeBack(run);
        LightTasks lights = source.lights();
        LightWork alone = run.sliced();
        LightWork lost = alone == null ? run.current() : alone;
        if (lost == null) {
            return;
        }
        if (alone == null) {
            lights.finished(0, 1);
        } else {
            lights.charge(alone, measured.cpuNanos());
            lights.finished(alone, false, source.now());
        }
        lost.owner.ended();
        guard.afterwards(lost::giveUp);
    }

    /** What was in the tray of this run waits in the queue again. */
    void takeBack(LightRun run) {
        LightTasks lights = source.lights();
        @Nullable Now now = null;
        for (LightWork work = run.tray.outbox.poll(); work != null; work = run.tray.outbox.poll()) {
            now = now == null ? source.now() : now;
            lights.takenBack(work, now);
        }
        if (now != null) {
            source.settle(now);
        }
    }

    /** The task that a worker is at has slices from now on, and holds back none behind it. */
    void runsLong(LightRun run) {
        LightWork current = run.current();
        if (run.sliced() != null || current == null || !run.bindTo(current)) {
            return;
        }
        if (run.prompt) {
            run.prompt = false;
            promptNow--;
        }
        pace.sample(LOOK);
        brief = pace.brief();
        source.lights().runsLong(current, run.slot, source.now());
        takeBack(run);
    }

    /** Looks for workers that are at the same task as at the last look. */
    private void look(Now now) {
        lastLook = now.nanos();
        dispatcher
                .slots()
                .forEachLight(run -> {
                    LightWork current = run.current();
                    if (current == null || !current.equals(run.tray.seen)) {
                        run.tray.seen = current;
                    } else if (run.sliced() == null) {
                        runsLong(run);
                    }
                });
        dispatcher.wake(brief ? 0 : dispatcher.ready());
    }

    /** When the timer is to look; {@link Long#MAX_VALUE}: not. */
    public long nextLookNanos() {
        return nextLook;
    }

    /** The timer looks. Under the guard. */
    public void elapsed(Now now) {
        if (nextLook > now.nanos()) {
            return;
        }
        takeIn();
        look(now);
        boolean quiet = promptNow == 0 && now.nanos() - lastBusy > QUIET;
        nextLook = quiet ? Long.MAX_VALUE : now.nanos() + TIMER_LOOK;
    }

    /** Tells those without the guard how things are; the guard is about to be left. */
    public void publish() {
        // A worker that was called will look, too.
        int coming = brief ? promptNow + dispatcher.coming() : 0;
        if (prompt != coming) {
            prompt = coming;
        }
        int capacity = source.settings().queueCapacity();
        long ended = taken - source.lights().unfinished();
        long next = capacity == 0 ? Long.MAX_VALUE : ended + Math.max(0, capacity - source.heavy());
        if (next != most) {
            boolean more = next > most;
            most = next;
            if (more && room.awaited()) {
                guard.afterwards(room::more);
            }
        }
    }

    /** What the kernel counts, and what it was not told yet. Under the guard. */
    public KernelCounts refine(KernelCounts counts) {
        int[] found = new int[3];
        dispatcher
                .slots()
                .forEachLight(run -> {
                    found[0] += run.tray.outbox.size();
                    found[1] += run.wellSoFar();
                    found[2] += run.badlySoFar();
                });
        int came = inbox.size();
        return new KernelCounts(
                counts.scheduled() + came,
                counts.pending() + came + found[0],
                counts.ready() + came + found[0],
                Math.max(0, counts.running() - found[0] - found[1] - found[2]),
                counts.blocked(),
                counts.completed() + found[1],
                counts.failed() + found[2],
                counts.deadlineMisses(),
                counts.contextSwitches() - found[0],
                counts.preemptions(),
                counts.priorityInversions(),
                counts.retries(),
                counts.ejections());
    }
}
