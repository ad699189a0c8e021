// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.Watch;

/**
 * Tells watchers that something about the plugins changed, on a thread of its own that ends when
 * there is nothing to tell. Changes that come while the watchers are being told are told once more,
 * together. Thread-safe.
 */
final class CatalogueSignal {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogueSignal.class);
    private static final long IDLE_MILLIS = 500;

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean due = new AtomicBoolean();
    private final ThreadPoolExecutor teller;

    CatalogueSignal() {
        teller =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_MILLIS,
                        TimeUnit.MILLISECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("plugin-catalogue").factory());
        teller.allowCoreThreadTimeOut(true);
    }

    Watch watch(Runnable listener) {
        Runnable own = () -> listener.run(); // the same listener may watch twice
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    /** Something changed. Cheap; may be called under locks. */
    void changed() {
        if (!listeners.isEmpty() && !due.getAndSet(true)) {
            teller.execute(this::tell);
        }
    }

    private void tell() {
        due.set(false);
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.error("a watcher of the catalogue failed", e);
            }
        }
    }
}
