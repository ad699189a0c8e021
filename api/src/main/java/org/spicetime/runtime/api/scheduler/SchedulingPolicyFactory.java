// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.spicetime.runtime.api.Options;

/**
 * Offers one scheduling policy to the host. Registered as an OSGi service, or provided by a plain
 * JPMS module; either way a public class with a public constructor without arguments. The domain
 * that wants the policy names it as its descriptor does.
 *
 * <p>Thread-safe.
 */
@ConsumerType
public interface SchedulingPolicyFactory {

    /**
     * What the policy is. Any thread, often; answer a constant.
     *
     * @return the same descriptor at every call
     */
    PolicyDescriptor descriptor();

    /**
     * Makes an instance for one domain (or for one core of a partitioned domain). Called on a host
     * thread that holds no lock, once per domain and again for every change of quantum, range or
     * options: an instance is replaced, never reconfigured. It must return within 100 ms; an
     * exception or an overrun refuses the change and leaves the domain as it was.
     *
     * @param context what the instance may know about its domain
     * @param options values for the options of the descriptor, checked by the host
     * @return a new instance that shares no state with others
     * @throws org.spicetime.runtime.api.error.RefusedException if options contradict each other or
     *     the domain; whoever set them gets it as it is
     */
    Policy create(PolicyContext context, Options options);

    /**
     * The analysis that tells whether a set of periodic tasks can meet its deadlines under this
     * policy. Admission control and the schedule analysis of a domain rest on it.
     *
     * @return the test; empty: the policy has none, and admission by analysis is not offered
     */
    default Optional<SchedulabilityTest> schedulabilityTest() {
        return Optional.empty();
    }
}
