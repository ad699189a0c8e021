// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Room promised to tasks that are being admitted. Used up by {@link TaskStore#append}; closed
 * unused, the room is given back.
 *
 * <p>Thread-safe. Made by stores.
 */
@ConsumerType
public interface Reservation extends AutoCloseable {

    /**
     * For how many tasks.
     *
     * @return tasks; positive
     */
    int tasks();

    /**
     * For how many bytes of payloads and texts.
     *
     * @return bytes
     */
    long bytes();

    /** Gives the room back, unless it was used or given back before. Does not wait, never fails. */
    @Override
    void close();
}
