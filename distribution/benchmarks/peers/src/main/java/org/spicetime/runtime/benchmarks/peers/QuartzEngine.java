// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers;

import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;
import org.spicetime.runtime.benchmarks.load.JobEngine;

/** Quartz with one trigger per job of one durable detail. A job counts when it has run. */
final class QuartzEngine implements JobEngine {
    private static final String SOURCE = "jobs";
    private static final LongAdder ENDED = new LongAdder();

    private final AtomicLong ids = new AtomicLong();
    private final JobDetail detail =
            JobBuilder.newJob(Nothing.class).withIdentity("nothing").storeDurably().build();
    private final Scheduler scheduler;

    /** The job; public, since the peer makes it. */
    public static final class Nothing implements Job {
        /** For the peer. */
        public Nothing() {}

        @Override
        public void execute(JobExecutionContext context) {
            ENDED.increment();
        }
    }

    QuartzEngine(Database database) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", "peer");
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        properties.setProperty("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", "16");
        properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        properties.setProperty("org.quartz.threadPool.threadCount", "" + Peer.WORKERS);
        switch (database.kind()) {
            case "none" ->
                    properties.setProperty(
                            "org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
            case "h2" -> stored(properties, database, "tables_h2.sql", "StdJDBCDelegate");
            case "postgresql" ->
                    stored(properties, database, "tables_postgres.sql", "PostgreSQLDelegate");
            default ->
                    throw new IllegalArgumentException(
                            "Quartz has no tables for " + database.kind());
        }
        scheduler = new StdSchedulerFactory(properties).getScheduler();
        scheduler.addJob(detail, true);
        scheduler.start();
    }

    private static void stored(
            Properties properties, Database database, String tables, String delegate)
            throws Exception {
        database.run(Database.script("/org/quartz/impl/jdbcjobstore/" + tables));
        DataSource pool = database.pool();
        DBConnectionManager.getInstance()
                .addConnectionProvider(
                        SOURCE,
                        new ConnectionProvider() {
                            @Override
                            public java.sql.Connection getConnection()
                                    throws java.sql.SQLException {
                                return pool.getConnection();
                            }

                            @Override
                            public void initialize() {
                                // The pool is open.
                            }

                            @Override
                            public void shutdown() {
                                // The database is closed by who opened it.
                            }
                        });
        properties.setProperty(
                "org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
        properties.setProperty(
                "org.quartz.jobStore.driverDelegateClass",
                "org.quartz.impl.jdbcjobstore." + delegate);
        properties.setProperty("org.quartz.jobStore.dataSource", SOURCE);
        properties.setProperty("org.quartz.jobStore.acquireTriggersWithinLock", "true");
    }

    @Override
    public void enqueue() throws SchedulerException {
        scheduler.scheduleJob(
                TriggerBuilder.newTrigger()
                        .withIdentity(Long.toString(ids.incrementAndGet()))
                        .forJob(detail)
                        .usingJobData("payload", PAYLOAD)
                        .startNow()
                        .build());
    }

    @Override
    public long ended() {
        return ENDED.sum();
    }

    @Override
    public void close() {
        try {
            scheduler.shutdown(false);
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz could not be ended", e);
        }
    }
}
