// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.graphql.contribution.Composition;
import org.spicetime.runtime.graphql.contribution.Contributions;
import org.spicetime.runtime.graphql.schema.SchemaState;
import org.spicetime.runtime.graphql.schema.ServedNames;
import org.spicetime.runtime.graphql.schema.ServedSchema;
import org.spicetime.runtime.graphql.schema.Services;
import org.spicetime.runtime.graphql.stream.OpenStreams;

/**
 * Keeps the schema in step with what is deployed: names of plugins, and what bundles contribute.
 * One thread waits until changes have settled, builds aside, and swaps the generation as a whole.
 * Requests read the current one once. Thread-safe.
 */
final class Generations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Services services;
    private final ServedSchema schema;
    private final Limits limits;
    private final OpenStreams streams;
    private final SchemaState state = new SchemaState();
    private final Contributions contributions = new Contributions(this::changed);
    private final ContributionReport report;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = new Thread(this::keep, "graphql-schema");
    private volatile Generation current;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private long composed;
    private long changes;
    private long seenChanges;
    private boolean closed;

    /**
     * Builds the first generation; {@link #start()} keeps it in step.
     *
     * @param bundles is told what is wrong with contributions
     */
    Generations(
            Services services,
            Limits limits,
            OpenStreams streams,
            ContributionReport.Sink bundles) {
        this.services = services;
        this.schema = new ServedSchema(services, state);
        this.report = new ContributionReport(state, bundles);
        this.limits = limits;
        this.streams = streams;
        ServedNames names = ServedNames.now(services);
        composed = contributions.changes();
        current = new Generation(1, names, contributions.compose(schema, names), limits);
        state.swapped(current.facts());
    }

    void start() {
        watches.add(services.catalogue().watch(this::changed));
        watches.add(UsedNames.watch(services.domains(), this::changed));
        thread.setDaemon(true);
        thread.start();
        changed();
    }

    /** Where contributions come and go. */
    Contributions contributions() {
        return contributions;
    }

    /** What is served now, for those who follow it. */
    SchemaState state() {
        return state;
    }

    Generation current() {
        return current;
    }

    /** Something was deployed or taken away. Never blocks for long. */
    void changed() {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Serves what is deployed now, if that differs. Called by one thread at a time. */
    void refresh() {
        Generation before = current;
        ServedNames names = ServedNames.now(services);
        long changesSeen = contributions.changes();
        if (names.equals(before.names()) && changesSeen == composed) return;
        Composition composition = contributions.compose(schema, names);
        composed = changesSeen;
        report.tell(composition);
        if (names.equals(before.names())
                && composition.owners().equals(before.composition().owners())) {
            return;
        }
        Generation next =
                new Generation(before.facts().generation() + 1, names, composition, limits);
        next.warm(before);
        current = next;
        before.retire();
        state.swapped(next.facts());
        LOG.info(
                "schema generation {} serves policies {}, allocators {} and contributions of {}; open streams by generation: {}",
                next.facts().generation(),
                names.policies().keySet(),
                names.allocators().keySet(),
                next.facts().contributed().keySet(),
                streams.countByGeneration());
    }

    private void keep() {
        while (await()) {
            try {
                refresh();
                streams.sweep();
            } catch (RuntimeException e) {
                LOG.error("the schema stays at generation {}", current.facts().generation(), e);
            }
        }
    }

    /** Waits for changes that have settled; false: closed. */
    private boolean await() {
        lock.lock();
        try {
            long seen = seenChanges;
            while (!closed && changes == seen) changed.await();
            long patience = LONGEST_NANOS;
            while (!closed && changes != seen && patience > 0) {
                seen = changes;
                long before = System.nanoTime();
                long quiet = QUIET_NANOS;
                while (!closed && changes == seen && quiet > 0) quiet = changed.awaitNanos(quiet);
                patience -= System.nanoTime() - before;
            }
            seenChanges = changes;
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        contributions.close();
    }
}
