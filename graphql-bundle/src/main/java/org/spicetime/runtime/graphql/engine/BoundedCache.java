// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the values used last within a bound of bytes. Thread-safe. */
final class BoundedCache<V> {
    private final long mostBytes;

    @GuardedBy("this")
    private final LinkedHashMap<String, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);

    @GuardedBy("this")
    private long bytes;

    BoundedCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    private record Entry<V>(V value, long bytes) {}

    synchronized @Nullable V get(String key) {
        Entry<V> entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    /** Keeps a value; one larger than the whole bound is not kept. */
    synchronized void put(String key, V value, long size) {
        if (size > mostBytes) return;
        Entry<V> before = entries.put(key, new Entry<>(value, size));
        bytes += size - (before == null ? 0 : before.bytes());
        Iterator<Map.Entry<String, Entry<V>>> oldest = entries.entrySet().iterator();
        while (bytes > mostBytes && oldest.hasNext()) {
            bytes -= oldest.next().getValue().bytes();
            oldest.remove();
        }
    }

    /** The keys used last, at most so many. */
    synchronized List<String> hottest(int most) {
        List<String> keys = new ArrayList<>(entries.keySet());
        return List.copyOf(keys.subList(Math.max(0, keys.size() - most), keys.size()));
    }

    synchronized void clear() {
        entries.clear();
        bytes = 0;
    }

    synchronized long bytes() {
        return bytes;
    }
}
