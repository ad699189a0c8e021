// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.integrationtests.BundleJar;

/**
 * Does what its payload says, and writes the number of each attempt to a file, which outlives the
 * host. It runs in the host, not in the test. Thread-safe.
 */
public final class JobHandler
        implements BundleActivator, TaskHandler<JobHandler.Job, JobHandler.Done> {

    static final String NAME = "test.job";

    private static final Logger LOG = LoggerFactory.getLogger(JobHandler.class);

    /** What to do, and how much of it. */
    public record Job(
            @PayloadField("NOTE, HOLD, FAIL, LINES, LINE, LOG, RESULT or ERROR.") String work,
            @PayloadField(value = "How many, or how long.", defaultJson = "0") int count,
            @PayloadField("File that each attempt adds its number to.") String runs) {}

    /** What came out. */
    public record Done(@PayloadField("The text that was asked for.") String text) {}

    /** The bundle of it. */
    static BundleJar bundle(String version) {
        return BundleJar.empty("org.example.jobs", version)
                .activator(JobHandler.class)
                .with(Job.class)
                .with(Done.class)
                .header(
                        "Import-Package",
                        "org.osgi.framework,org.slf4j,org.spicetime.runtime.api,"
                                + "org.spicetime.runtime.api.handler,"
                                + "org.spicetime.runtime.api.task");
    }

    /** Members of the input of a task that does this. */
    static Map<String, Object> task(Path folder, String name, String work, int count) {
        return Map.of(
                "name",
                name,
                "handler",
                NAME,
                "payload",
                Map.of("work", work, "count", count, "runs", folder.resolve(name).toString()));
    }

    @Override
    public void start(BundleContext context) {
        context.registerService(TaskHandler.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public HandlerDescriptor<Job, Done> descriptor() {
        return new HandlerDescriptor<>(
                NAME, "1.0.0", "Does what a test wants.", Job.class, Done.class, Set.of());
    }

    @Override
    public Done run(Job job, TaskContext context) throws IOException, InterruptedException {
        int attempt = context.attempt();
        Files.writeString(
                Path.of(job.runs()),
                attempt + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        switch (job.work()) {
            case "HOLD" -> {
                // What is tried again has met the event it was held for.
                if (attempt == 1) new CountDownLatch(1).await();
            }
            case "FAIL" -> {
                context.log(LogLevel.INFO, "attempt " + attempt);
                if (attempt <= job.count()) throw new IOException("attempt " + attempt + " failed");
            }
            case "LINES" -> {
                for (int i = 0; i < job.count(); i++) context.log(LogLevel.INFO, "line " + i);
            }
            case "LINE" -> context.log(LogLevel.INFO, "x".repeat(job.count()));
            case "LOG" -> LOG.info("job {} logs", job.count());
            case "ERROR" -> throw new IOException("x".repeat(job.count()));
            default -> {}
        }
        return new Done(job.work().equals("RESULT") ? "x".repeat(job.count()) : "done");
    }
}
