// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import org.osgi.annotation.versioning.ConsumerType;
import org.spicetime.runtime.api.Options;

/**
 * Offers one allocation strategy to the host. Registered as an OSGi service, or provided by a plain
 * JPMS module; either way a public class with a public constructor without arguments. The domain
 * that wants the strategy names it as its descriptor does.
 *
 * <p>Thread-safe.
 */
@ConsumerType
public interface AllocationStrategyFactory {

    /**
     * What the strategy is. Any thread, often; answer a constant.
     *
     * @return the same descriptor at every call
     */
    StrategyDescriptor descriptor();

    /**
     * Makes an instance for one pool, empty: its memory comes with {@link
     * AllocationStrategy#addZone}. Called on a host thread that holds no lock, once per domain and
     * again for every change of options. It must return within 100 ms; an exception or an overrun
     * refuses the change and leaves the domain as it was.
     *
     * @param geometry sizes of the pool; within the limits of the descriptor
     * @param options values for the options of the descriptor, checked by the host
     * @return a new instance that shares no state with others
     */
    AllocationStrategy create(Geometry geometry, Options options);
}
