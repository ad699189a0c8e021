// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;

/** What a worker thread is at, as far as handles are concerned. Any thread. */
public interface MemoryUser {
    /** The task it works for. */
    TaskId task();

    /** The domain of that task. */
    DomainId domain();
}
