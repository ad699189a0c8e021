// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.store.PruneBudget;
import org.spicetime.runtime.api.store.Retention;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Removes finished tasks past their time, the oldest first. A task that an unfinished one depends
 * on stays. Used under the store's lock.
 */
final class Pruner {

    private static final Duration TOMBSTONE_LIFE = Duration.ofHours(24);

    private final Memory memory;
    private final DomainData domain;
    private final Retention retention;
    private final Instant now;

    Pruner(Memory memory, DomainData domain, Retention retention) {
        this.memory = memory;
        this.domain = domain;
        this.retention = retention;
        now = memory.now();
    }

    long prune(PruneBudget budget) {
        domain.dropTombstonesBefore(now.minus(TOMBSTONE_LIFE));
        memory.dropKeys();
        long start = System.nanoTime();
        long tooMany = domain.ended.size() - retention.maxTasks().orElse(Long.MAX_VALUE);
        long tooLarge = domain.endedBytes - retention.maxBytes().orElse(Long.MAX_VALUE);
        List<Row> gone = new ArrayList<>();
        for (Row row : domain.ended) {
            if (gone.size() == budget.maxTasks()
                    || System.nanoTime() - start > budget.maxTime().toNanos()) {
                break;
            }
            if (memory.dependants.of(row.id()).isEmpty()
                    && (tooMany > 0 || tooLarge > 0 || isOld(row))) {
                gone.add(row);
                tooMany--;
                tooLarge -= row.bytes();
            }
        }
        gone.forEach(row -> memory.purge(domain, row, now));
        return gone.size();
    }

    private boolean isOld(Row row) {
        @Nullable Duration kept =
                row.phase() == TaskPhase.COMPLETED
                        ? retention.completedFor()
                        : retention.failedFor();
        return kept != null && row.task().updatedAt().isBefore(now.minus(kept));
    }
}
