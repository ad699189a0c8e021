// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;

/**
 * A policy instance and where it comes from. Immutable, apart from the policy.
 *
 * @param name by which it is configured
 * @param version of the policy
 * @param bundle symbolic name and version of its bundle; null: built into the host
 * @param policy the instance, made for one domain and used by no other
 * @param descriptor what it promises
 */
public record PolicyBinding(
        String name,
        String version,
        @Nullable String bundle,
        Policy policy,
        PolicyDescriptor descriptor) {
    public PolicyBinding {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(descriptor, "descriptor");
    }

    /** Named as the descriptor says. */
    public static PolicyBinding of(
            Policy policy, PolicyDescriptor descriptor, @Nullable String bundle) {
        return new PolicyBinding(
                descriptor.name(), descriptor.version(), bundle, policy, descriptor);
    }
}
