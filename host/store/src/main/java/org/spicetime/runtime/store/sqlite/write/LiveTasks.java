// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * The unfinished tasks used last, so that an event needs no row to be read first. Bounded by
 * memory; what is not here is read. Called by the writer's thread.
 */
final class LiveTasks {

    private final Map<TaskId, Live> tasks = new LinkedHashMap<>(64, 0.75f, true);
    private final long maxBytes;
    private long bytes;

    LiveTasks(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Nullable Live get(TaskId task) {
        return tasks.get(task);
    }

    /** Keeps a task that was written. */
    void keep(TaskId id, Live live) {
        Live former = tasks.put(id, live);
        if (former == null) {
            bytes += live.bytes;
        }
        Iterator<Live> eldest = tasks.values().iterator();
        while (bytes > maxBytes && eldest.hasNext()) {
            bytes -= eldest.next().bytes;
            eldest.remove();
        }
    }

    /** Forgets a task that has finished or is gone, as it was before that. */
    void drop(TaskId id) {
        Live former = tasks.remove(id);
        if (former != null) {
            bytes = tasks.isEmpty() ? 0 : bytes - former.bytes;
        }
    }

    void clear() {
        tasks.clear();
        bytes = 0;
    }
}
