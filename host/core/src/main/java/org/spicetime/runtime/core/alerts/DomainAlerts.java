// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.memory.MemoryPressure;

/**
 * What a domain tells of itself for its alerts, until it is deleted. Thread-safe; may be called
 * under any lock of the domain.
 */
public final class DomainAlerts {
    private final AlertBook book;
    private final DomainId domain;
    private final SwapRule swap;
    private boolean ended;

    /** Of this domain, in this book. */
    public DomainAlerts(AlertBook book, DomainId domain) {
        this.book = book;
        this.domain = domain;
        swap = new SwapRule(domain);
    }

    /** Its state, and why it is not as it should be, by what is limited. */
    public void state(DomainState state, Map<String, String> limitations) {
        tell("state", DomainRule.findings(state, limitations));
    }

    /** The pressure of its pool has another level. */
    public void pressure(MemoryPressure pressure) {
        tell("pressure", PressureRule.findings(pressure));
    }

    /** Its schedules need so many processors, and there are so many. */
    public void load(String policy, double needed, double slots) {
        tell("load", OverloadRule.findings(domain, policy, needed, slots));
    }

    /** It has a new pool, or none any more. */
    public synchronized void pool(boolean open) {
        swap.pool(open);
        tell("swap", swap.findings());
    }

    /** Swapping was switched off; null: it was set anew. */
    public synchronized void swapOff(@Nullable String why) {
        swap.off(why);
        tell("swap", swap.findings());
    }

    /** A block in the swap file is not what was written. */
    public synchronized void swapDamaged(String what) {
        swap.damaged(what);
        tell("swap", swap.findings());
    }

    /** The pool begins to thrash; null: that is over. */
    public synchronized void thrashes(@Nullable String what, double ratio) {
        swap.thrashes(what, ratio);
        tell("swap", swap.findings());
    }

    /** It is deleted: nothing is the matter with it any more. */
    public synchronized void end() {
        ended = true;
        book.forget(domain);
    }

    private synchronized void tell(String rule, List<Finding> findings) {
        if (!ended) {
            book.report(new AlertBook.Source(rule, domain), findings);
        }
    }
}
