// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.ResourceAllocation.CpuGrant;
import org.spicetime.runtime.core.shares.ProcessorUser;

/** A domain, as the one sees it who divides the processors. Thread-safe. */
final class DomainShare implements ProcessorUser {

    private static final Logger LOG = LoggerFactory.getLogger(DomainShare.class);

    private final DomainBody body;
    private volatile int wanted;

    DomainShare(DomainBody body) {
        this.body = body;
    }

    /** Another grant is in force; null: none. The weight is the priority + 1, as of tasks. */
    void granted(@Nullable CpuGrant grant) {
        body.node
                .shares()
                .grant(
                        this,
                        grant == null ? 0 : grant.cores(),
                        grant == null ? 1 : grant.priority() + 1);
    }

    @Override
    public long usedNanos() {
        return body.dispatcher.usage().cpuNanos();
    }

    @Override
    public int wanted() {
        if (body.guard.tryEnter(0)) {
            try {
                wanted = body.dispatcher.wanted();
            } finally {
                body.guard.leave();
            }
        }
        return wanted;
    }

    @Override
    public boolean permit(int tasks) {
        if (!body.guard.tryEnter(0)) {
            return false;
        }
        try {
            return body.dispatcher.permit(tasks);
        } finally {
            body.guard.leave();
        }
    }

    /** Logs how long other domains went before this one. */
    void tellHeldBack() {
        Duration heldBack = body.node.shares().heldBack(this);
        if (!heldBack.isZero()) {
            LOG.info(
                    "domain={} ran fewer tasks than it wanted for {} ms since it was created, as other"
                            + " domains went before it",
                    body.id(),
                    heldBack.toMillis());
        }
    }
}
