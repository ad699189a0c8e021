// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.spicetime.runtime.benchmarks.load.JobEngine;

/**
 * db-scheduler with its quickest polling for the database. A job counts when it has been deleted.
 */
final class DbSchedulerEngine implements JobEngine {
    private final LongAdder ended = new LongAdder();
    private final AtomicLong ids = new AtomicLong();
    private final OneTimeTask<String> task =
            Tasks.oneTime("nothing", String.class).execute((instance, context) -> {});
    private final Scheduler scheduler;

    DbSchedulerEngine(Database database) throws SQLException {
        database.run(tables(database.kind()));
        SchedulerBuilder builder =
                Scheduler.create(database.pool(), task)
                        .threads(Peer.WORKERS)
                        .pollingInterval(Duration.ofMillis(50))
                        .addSchedulerListener(
                                new AbstractSchedulerListener() {
                                    @Override
                                    public void onExecutionComplete(ExecutionComplete complete) {
                                        ended.increment();
                                    }
                                });
        scheduler =
                ("postgresql".equals(database.kind())
                                ? builder.pollUsingLockAndFetch(1.0, 4.0)
                                : builder.pollUsingFetch(0.5, 4.0))
                        .build();
        scheduler.start();
    }

    private static String tables(String kind) {
        boolean postgres = "postgresql".equals(kind);
        String bytes = postgres ? "bytea" : "blob";
        String instant = postgres ? "timestamp with time zone" : "timestamp";
        return """
        DROP TABLE IF EXISTS scheduled_tasks;
        CREATE TABLE scheduled_tasks (
          task_name varchar(100) NOT NULL, task_instance varchar(100) NOT NULL, task_data %s,
          execution_time %s NOT NULL, picked boolean NOT NULL, picked_by varchar(50),
          last_success %s, last_failure %s, consecutive_failures int, last_heartbeat %s,
          version bigint NOT NULL, priority smallint, PRIMARY KEY (task_name, task_instance));
        CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
        CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
        """
                .formatted(bytes, instant, instant, instant, instant);
    }

    @Override
    public void enqueue() {
        scheduler.schedule(
                task.instance(Long.toString(ids.incrementAndGet()), PAYLOAD), Instant.now());
    }

    @Override
    public long ended() {
        return ended.sum();
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
