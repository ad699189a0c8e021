// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.core.alerts.AlertBook;
import org.spicetime.runtime.core.config.ConfigPatcher;
import org.spicetime.runtime.core.config.ConfigTable;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.dispatch.NodeTimer;
import org.spicetime.runtime.core.dispatch.SlotMonitor;
import org.spicetime.runtime.core.guard.Watchdog;
import org.spicetime.runtime.core.memory.collect.Collector;
import org.spicetime.runtime.core.memory.pressure.PressureRelief;
import org.spicetime.runtime.core.memory.swap.SwapDirectory;
import org.spicetime.runtime.core.recovery.InFlight;
import org.spicetime.runtime.core.shares.ShareKeeper;

/**
 * What the host gives to each of its domains. Immutable; the parts are thread-safe.
 *
 * @param host this run of this host
 * @param clock its clocks
 * @param timer its timer thread
 * @param notifier tells listeners and other domains, one after the other
 * @param control does what takes longer than a caller should wait
 * @param journal settles commits and answers who waited for them
 * @param watchdog looks after calls into plugins
 * @param slots looks whether tasks use their slots
 * @param shares divides the processors among the domains
 * @param collector collects pools of its own accord
 * @param relief what pools need to be relieved
 * @param deployed plugins there now
 * @param store keeps tasks and domains
 * @param durable whether the store survives a crash
 * @param table properties of a configuration
 * @param patcher changes configurations
 * @param budget what the host can promise
 * @param ids draws task ids
 * @param swapFiles where swap files are made
 * @param inFlight remembers which durable tasks are in the hands of their handlers
 * @param alerts what is the matter with them
 * @param siblings the domains of the host
 * @param timings how long is waited
 */
record Node(
        HostRef host,
        HostClock clock,
        NodeTimer timer,
        Executor notifier,
        Executor control,
        Executor journal,
        Watchdog watchdog,
        SlotMonitor slots,
        ShareKeeper shares,
        Collector collector,
        PressureRelief relief,
        Deployed deployed,
        TaskStore store,
        boolean durable,
        ConfigTable table,
        ConfigPatcher patcher,
        HostBudget budget,
        TaskIds ids,
        SwapDirectory swapFiles,
        InFlight inFlight,
        AlertBook alerts,
        Siblings siblings,
        Timings timings) {

    /** The domains of the host. Thread-safe; no lock of a domain is held by the caller. */
    interface Siblings {
        /** The domain of this id. */
        Optional<HostedDomain> hosted(DomainId id);

        /** Bytes the pools of all other domains may still take from the machine. */
        long unbackedBytes(DomainId except);

        /** The domain that knows this task. */
        Optional<HostedDomain> ownerOf(TaskId task);
    }

    /**
     * How long is waited. Immutable.
     *
     * @param stopGrace for a handler that was asked to end
     * @param pluginWait for the plugins of a domain that starts with the host
     * @param sampling between two samples of the metrics
     * @param window queued tasks of a domain in memory
     */
    record Timings(Duration stopGrace, Duration pluginWait, Duration sampling, int window) {
        private static final int WINDOW = 50_000;

        /** With as many tasks in memory as usual. */
        Timings(Duration stopGrace, Duration pluginWait, Duration sampling) {
            this(stopGrace, pluginWait, sampling, WINDOW);
        }

        static final Timings STANDARD =
                new Timings(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(1));
    }
}
