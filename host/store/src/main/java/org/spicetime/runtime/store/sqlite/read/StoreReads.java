// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

/** All questions to the store on disk, over one set of connections. Thread-safe. */
public final class StoreReads implements AutoCloseable {

    private static final int CONNECTIONS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Readers readers;
    private final TaskReads tasks;
    private final AttemptReads attempts;
    private final ChangeReads changes;
    private final DomainReads domains;
    private final PruneReads pruning;

    /**
     * Opens the connections.
     *
     * @param opener opens one
     * @param failures told of each question that failed
     * @throws SQLException if one cannot be opened
     */
    public StoreReads(Readers.Opener opener, Consumer<SQLException> failures) throws SQLException {
        readers = new Readers(opener, CONNECTIONS, LIMIT, failures);
        tasks = new TaskReads(readers);
        attempts = new AttemptReads(readers);
        changes = new ChangeReads(readers);
        domains = new DomainReads(readers);
        pruning = new PruneReads(readers);
    }

    /**
     * Questions for tasks.
     *
     * @return always the same
     */
    public TaskReads tasks() {
        return tasks;
    }

    /**
     * Questions for attempts.
     *
     * @return always the same
     */
    public AttemptReads attempts() {
        return attempts;
    }

    /**
     * Questions for changes and configurations.
     *
     * @return always the same
     */
    public ChangeReads changes() {
        return changes;
    }

    /**
     * Questions for domains, schedules and keys.
     *
     * @return always the same
     */
    public DomainReads domains() {
        return domains;
    }

    /**
     * The choice of what is to be pruned.
     *
     * @return always the same
     */
    public PruneReads pruning() {
        return pruning;
    }

    @Override
    public void close() {
        readers.close();
    }
}
