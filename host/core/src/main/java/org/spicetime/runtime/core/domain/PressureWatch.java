// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.memory.PressureLevel;

/** Tells in the log when the pool of a domain fills up, once per level. By the sampler thread. */
final class PressureWatch {

    private static final Logger LOG = LoggerFactory.getLogger(PressureWatch.class);

    private final DomainId domain;
    private PressureLevel level = PressureLevel.NONE;

    PressureWatch(DomainId domain) {
        this.domain = domain;
    }

    /** Compares the use of the pool with the levels; the level it is at now. */
    PressureLevel observe(MemoryMetrics memory) {
        PressureLevel next = level.next((double) memory.used() / memory.total());
        if (next.compareTo(level) > 0) {
            LOG.warn(
                    "domain={} memory pressure is {}: {} of {} bytes are used",
                    domain,
                    next,
                    memory.used(),
                    memory.total());
        } else if (next != level) {
            LOG.info("domain={} memory pressure is back to {}", domain, next);
        }
        level = next;
        return next;
    }

    /** The domain has no pool any more. */
    void stopped() {
        level = PressureLevel.NONE;
    }
}
