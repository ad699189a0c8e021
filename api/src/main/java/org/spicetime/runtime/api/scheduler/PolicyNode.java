// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A task's place in one {@link SchedulingPolicy} instance. The host makes one per task and policy
 * instance; its fields belong to the policy, so heap positions, links and counters need no map. The
 * host never reads them.
 *
 * <p>A node lives from the first {@link SchedulingPolicy#enqueue} until its task ends or the policy
 * is replaced; it keeps its fields across slices. A running task that the instance took over from a
 * former policy has a node with all fields at their initial value.
 *
 * <p>Called by one thread at a time: only inside the calls of its policy.
 */
@ProviderType
public abstract class PolicyNode {

    /** First number of the policy's own, for example a sort key. */
    public long k0;

    /** Second number of the policy's own, for example a tie key. */
    public long k1;

    /** Position of the policy's own, for example in a heap. */
    public int index;

    /** Anything else of the policy's own. */
    public @Nullable Object state;

    /** For the host. */
    protected PolicyNode() {}

    /**
     * The task.
     *
     * @return the same view at every call
     */
    public abstract TaskView task();
}
