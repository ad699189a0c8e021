// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a policy instance knows about its domain. All values are fixed for the life of the instance:
 * a change makes a new one.
 *
 * <p>Thread-safe, apart from {@link #rng()}.
 */
@ProviderType
public interface PolicyContext {

    /**
     * The domain's monotonic clock in nanoseconds, the same that {@code now} arguments are taken
     * from. The only source of time a policy may use.
     *
     * @return the clock; cheap, any thread
     */
    LongSupplier clock();

    /**
     * The only source of randomness a policy may use; seeded by the host so that a run can be
     * repeated.
     *
     * @return the generator; not for {@link KeyedPolicy}, whose key must be a pure function
     */
    RandomGenerator rng();

    /**
     * Permit slots of the domain: how many of its tasks can run at once.
     *
     * @return at least 1
     */
    int slots();

    /**
     * Smallest, least urgent priority a task of the domain can have.
     *
     * @return the priority
     */
    int minPriority();

    /**
     * Largest, most urgent priority. At most 4096 levels lie between the two, both included.
     *
     * @return the priority; not less than {@link #minPriority()}
     */
    int maxPriority();

    /**
     * The time slice configured for the domain.
     *
     * @return nanoseconds; 0: none, tasks run until they block or end
     */
    long quantumNanos();
}
