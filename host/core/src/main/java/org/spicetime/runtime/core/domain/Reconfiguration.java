// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.core.schedules.Schedules;

/**
 * A change of the configuration and what follows from it for others than the domain's own parts:
 * what it waited for at its start, or a task for room, may have been configured away, and the
 * deadlines of schedules hold under the new policy or do not. Immutable.
 */
final class Reconfiguration {

    private final HostedDomain domain;
    private final ChangedBy who;

    Reconfiguration(HostedDomain domain, ChangedBy who) {
        this.domain = domain;
        this.who = who;
    }

    DomainState configure(ConfigPatch patch, @Nullable Integer expectedRevision) {
        return followed(() -> domain.changes().configure(who, patch, expectedRevision));
    }

    DomainState rollback(int revision, @Nullable Integer expected) {
        return followed(() -> domain.changes().rollback(who, revision, expected));
    }

    private DomainState followed(Runnable change) {
        DomainBody body = domain.body();
        DomainConfig before = body.config();
        change.run();
        domain.run().starting.reconsider(body.node.clock().nanos().getAsLong());
        domain.room().changed();
        DomainConfig after = body.config();
        if (!before.scheduler().equals(after.scheduler())
                || !before.executor().equals(after.executor())) {
            Schedules schedules = domain.admission().schedules();
            domain.admission().guarantees().tell(schedules.all());
            domain.admission().guarantees().lookAtLoad(schedules::wanted);
        }
        return body.state();
    }
}
