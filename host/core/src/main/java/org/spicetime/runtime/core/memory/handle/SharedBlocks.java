// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;

/**
 * The shared blocks of one pool, by id; they belong to the domain. The hold of a task that ended
 * without closing it is dropped at once, or by a sweep when its lease has run out (the leases of C.
 * Gray, D. Cheriton, <i>Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache
 * Consistency</i>, SOSP 1989). Thread-safe.
 */
public final class SharedBlocks {
    /** How long the hold of a task that is gone lasts, where it is not dropped at once. */
    public static final Duration LEASE = Duration.ofSeconds(10);

    private static final int ID_BYTES = 16;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private record Orphan(Shared shared, long endsNanos) {}

    private final DomainId domain;
    private final BlockSource blocks;
    private final Map<String, Shared> live = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Orphan> orphans = new ConcurrentLinkedQueue<>();
    private volatile boolean leased;

    SharedBlocks(DomainId domain, BlockSource blocks) {
        this.domain = domain;
        this.blocks = blocks;
    }

    /**
     * Whether the hold of a task that ended lasts for {@link #LEASE}, as under REFERENCE_COUNTING
     * and INCREMENTAL; otherwise, as at first, it is dropped with its task.
     */
    public void leased(boolean whether) {
        leased = whether;
    }

    /** How many live. */
    public int size() {
        return live.size();
    }

    /** What they take of the pool, bytes, rounding included. */
    public long usedBytes() {
        return blocks.usedBytes();
    }

    BlockSource blocks() {
        return blocks;
    }

    Shared share(BlockSource.Block block, long byteSize) {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        Shared shared = new Shared(HexFormat.of().formatHex(random), block, byteSize);
        live.put(shared.id(), shared);
        return shared;
    }

    Shared attach(String id) {
        if (!ID.matcher(id).matches()) {
            throw RefusedException.badInput(
                    "id", "no id of a shared block; it has 32 hexadecimal digits");
        }
        Shared shared = live.get(id);
        if (shared == null || !shared.hold()) {
            throw new RefusedException(
                    RequestErrorCode.NOT_FOUND,
                    "no shared block %s lives in domain %s: it was freed, or never shared here"
                            .formatted(id, domain),
                    Map.of("kind", "shared block", "domain", domain.value()));
        }
        return shared;
    }

    void drop(Shared shared) {
        if (shared.drop()) {
            live.remove(shared.id());
            blocks.release(shared.block().id());
        }
    }

    /** Whoever held it is gone without a word. */
    void orphan(Shared shared, long nowNanos) {
        if (leased) {
            orphans.add(new Orphan(shared, nowNanos + LEASE.toNanos()));
        } else {
            drop(shared);
        }
    }

    /**
     * Drops the holds whose lease has run out.
     *
     * @return bytes that went back to the pool, rounding included
     */
    long sweep(long nowNanos) {
        return dropOrphans(nowNanos, false);
    }

    /** Drops the holds of all that are gone. */
    void dropOrphans() {
        dropOrphans(0, true);
    }

    private long dropOrphans(long nowNanos, boolean all) {
        long before = blocks.usedBytes();
        for (Orphan orphan : orphans) {
            boolean over = all || orphan.endsNanos() - nowNanos <= 0;
            // Of several that sweep at once, one removes it.
            if (over && orphans.remove(orphan)) {
                drop(orphan.shared());
            }
        }
        return Math.max(0, before - blocks.usedBytes());
    }
}
