// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.shares;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.kernel.shares.ProcessorShares;
import org.spicetime.runtime.kernel.shares.Share;

/**
 * Divides the processors of the host among its domains, anew every millisecond while a domain has a
 * guarantee and more is wanted than there is, every ten milliseconds while there is enough for all,
 * and not at all while nothing is guaranteed. Thread-safe.
 */
public final class ShareKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShareKeeper.class);
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long CALM_TICK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int NOT_KNOWN = -1;
    private static final Duration JOIN = Duration.ofSeconds(2);

    /** What a user was told and has used at the last tick. Guarded by the keeper. */
    private static final class Seen {
        final Share share;
        long usedNanos;
        boolean measured;
        int permits = Share.UNLIMITED;

        Seen(Share share) {
            this.share = share;
        }
    }

    /* Guarded by this. */
    private final ProcessorShares shares;
    private final Map<ProcessorUser, Seen> users = new LinkedHashMap<>();
    private boolean measuring;
    private boolean closed;

    private final Thread thread;

    /**
     * For a host with so many processors; its thread sleeps until something is guaranteed.
     *
     * @param processors 1 or more
     */
    public ShareKeeper(int processors) {
        shares = new ProcessorShares(processors);
        thread = Thread.ofPlatform().name("domain-runtime-shares").daemon().unstarted(this::run);
        thread.start();
    }

    /** A domain takes part, without a guarantee. */
    public synchronized void add(ProcessorUser user, String name) {
        Share share = new Share(name);
        users.put(user, new Seen(share));
        shares.add(share);
    }

    /** A domain is gone. */
    public synchronized void remove(ProcessorUser user) {
        Seen seen = users.remove(user);
        if (seen != null) {
            shares.remove(seen.share);
        }
        LockSupport.unpark(thread);
    }

    /**
     * Guarantees processors to a domain, or ends that.
     *
     * @param cores 0: nothing is guaranteed; who grants sees to it that all fit in
     * @param weight its part of what is left, 1 or more
     */
    public synchronized void grant(ProcessorUser user, double cores, int weight) {
        Seen seen = users.get(user);
        if (seen == null) {
            throw new IllegalStateException("takes no part");
        }
        shares.grant(seen.share, cores, weight, System.nanoTime());
        LockSupport.unpark(thread);
    }

    /** For how long a domain was allowed to run fewer tasks than it wanted to. */
    public synchronized Duration heldBack(ProcessorUser user) {
        Seen seen = users.get(user);
        return seen == null ? Duration.ZERO : Duration.ofNanos(seen.share.heldBackNanos());
    }

    private void run() {
        while (true) {
            long pause;
            try {
                pause = tick();
            } catch (RuntimeException e) {
                LOG.error("the processors could not be divided; the next attempt follows", e);
                pause = CALM_TICK;
            }
            if (pause < 0) {
                return;
            }
            if (pause == 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, pause);
            }
        }
    }

    /** The time to the next one, ns; 0: when something changes; less: never. */
    private synchronized long tick() {
        if (closed) {
            return -1;
        }
        boolean active = shares.active();
        if (active) {
            users.forEach(this::report);
        }
        measuring = active;
        shares.advance(System.nanoTime());
        boolean told = true;
        for (Map.Entry<ProcessorUser, Seen> user : users.entrySet()) {
            told &= tell(user.getKey(), user.getValue());
        }
        if (shares.contended() || !told) {
            return TICK;
        }
        return active ? CALM_TICK : 0;
    }

    private void report(ProcessorUser user, Seen seen) {
        long used = user.usedNanos();
        // What was used while nothing was guaranteed counts for nobody.
        long since = measuring && seen.measured ? Math.max(0, used - seen.usedNanos) : 0;
        shares.report(seen.share, since, user.wanted());
        seen.measured = true;
        seen.usedNanos = used;
    }

    private static boolean tell(ProcessorUser user, Seen seen) {
        int permits = seen.share.permits();
        if (permits == seen.permits) {
            return true;
        }
        boolean done = user.permit(permits);
        seen.permits = done ? permits : NOT_KNOWN;
        return done;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        LockSupport.unpark(thread);
        try {
            if (!thread.join(JOIN)) {
                LOG.warn("thread {} did not end within {}", thread.getName(), JOIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
