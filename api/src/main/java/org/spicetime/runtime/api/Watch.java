// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * An open observation. Closing it ends the calls to the listener; one that is under way may still
 * finish. Closing twice has no effect. Thread-safe.
 */
@ProviderType
public interface Watch extends AutoCloseable {
    /** Ends the observation. Never throws, never blocks. */
    @Override
    void close();
}
