// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.List;
import java.util.Optional;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * The policy that is always there: first in, first out. Takes over when another one fails or
 * leaves. Thread-safe.
 */
public final class SafeFifo implements SchedulingPolicyFactory {
    private static final KeyedPolicy POLICY = TaskView::seq;

    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "SAFE_FIFO",
                    "1.0.0",
                    "First in, first out; built into the host, takes over when another policy fails or leaves.",
                    Ordering.STRICT,
                    false,
                    false,
                    Optional.empty(),
                    List.of());

    /** The policy in charge until another one is put there. */
    public static final PolicyBinding BINDING = PolicyBinding.of(POLICY, DESCRIPTOR, null);

    /** Stateless. */
    public SafeFifo() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return POLICY;
    }
}
