// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import org.spicetime.runtime.api.domain.LatencySummary;

/** How long the tasks of a domain waited and took. Guarded by the domain's guard. */
final class TaskLatencies {

    private final Latencies scheduling = new Latencies();
    private final Latencies ofStep = new Latencies();
    private final Latencies turnaround = new Latencies();

    /** A task was dispatched after so many nanoseconds in the queue. */
    void waited(long nanos) {
        scheduling.record(nanos);
        ofStep.record(nanos);
    }

    /** A task was over so many nanoseconds after its admission. */
    void took(long nanos) {
        turnaround.record(nanos);
    }

    /** From ready to running. */
    Latencies scheduling() {
        return scheduling;
    }

    /** The same, since this was last asked. */
    LatencySummary takeStep() {
        LatencySummary summary = ofStep.summary();
        if (summary.count() > 0) {
            ofStep.reset();
        }
        return summary;
    }

    /** From admission to the end. */
    Latencies turnaround() {
        return turnaround;
    }
}
