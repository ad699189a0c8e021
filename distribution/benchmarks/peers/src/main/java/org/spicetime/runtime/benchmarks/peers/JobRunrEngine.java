// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import java.util.concurrent.atomic.LongAdder;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.spicetime.runtime.benchmarks.load.JobEngine;

/**
 * JobRunr with the shortest interval it takes. A job counts when it has run. Public, since the peer
 * calls the job by its name.
 */
public final class JobRunrEngine implements JobEngine {
    private static final int WORKERS = 64;
    private static final int SHORTEST_SECONDS = 5;
    private static final LongAdder ENDED = new LongAdder();

    JobRunrEngine(Database database) {
        JobRunr.configure()
                .useStorageProvider(SqlStorageProviderFactory.using(database.pool()))
                .useBackgroundJobServer(
                        usingStandardBackgroundJobServerConfiguration()
                                .andWorkerCount(WORKERS)
                                .andPollIntervalInSeconds(SHORTEST_SECONDS))
                .initialize();
    }

    /** The job. */
    public static void nothing(String payload) {
        if (payload.length() != PAYLOAD.length()) throw new IllegalArgumentException(payload);
        ENDED.increment();
    }

    @Override
    public void enqueue() {
        // The peer reads the byte code of the lambda, and does not find an inherited constant.
        String payload = PAYLOAD;
        BackgroundJob.enqueue(() -> JobRunrEngine.nothing(payload));
    }

    @Override
    public long ended() {
        return ENDED.sum();
    }

    @Override
    public void close() {
        JobRunr.destroy();
    }
}
