// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.hardware;

import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.hardware.HardwareFacts;
import org.spicetime.runtime.api.hardware.HardwareMetrics;
import org.spicetime.runtime.api.hardware.HardwareSample;
import oshi.SystemInfo;

/**
 * Samples the machine on a thread of its own. OSHI's first reading takes about a second of
 * processor time, so it is taken only after the host has had time to start. Thread-safe.
 */
@Component(immediate = true)
@Designate(ocd = OshiHardwareMetrics.Config.class)
public final class OshiHardwareMetrics implements HardwareMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(OshiHardwareMetrics.class);

    /** Settings. */
    @ObjectClassDefinition(
            name = "Domain Runtime: hardware metrics",
            description = "How often the machine is measured.")
    public @interface Config {
        /** Between samples. */
        @AttributeDefinition(
                name = "Period",
                description = "Milliseconds between samples.",
                min = "250",
                max = "60000")
        long periodMillis() default 1000;

        /** Before the first sample. */
        @AttributeDefinition(
                name = "Initial delay",
                description = "Milliseconds from the start of the bundle to the first sample.",
                min = "0",
                max = "60000")
        long initialDelayMillis() default 4000;
    }

    private final ScheduledExecutorService sampler =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("hardware-sampler").factory());
    private volatile HardwareSample sample = HardwareSample.unknown(Instant.now());
    private volatile HardwareFacts facts = HardwareFacts.UNKNOWN;
    private @Nullable Machine machine; // touched by the sampler alone

    /** Starts sampling. */
    @Activate
    public OshiHardwareMetrics(Config config) {
        var _ =
                sampler.scheduleWithFixedDelay(
                        this::read,
                        Math.clamp(config.initialDelayMillis(), 0, 60_000),
                        Math.clamp(config.periodMillis(), 250, 60_000),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public HardwareSample sample() {
        return sample;
    }

    @Override
    public HardwareFacts facts() {
        return facts;
    }

    private void read() {
        try {
            Machine reader = machine;
            if (reader == null) {
                SystemInfo info = new SystemInfo();
                reader = new Machine(info.getHardware(), info.getOperatingSystem());
                machine = reader;
                facts = reader.facts();
            }
            sample = reader.sample(Instant.now(), System.nanoTime());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the machine cannot be measured; its values stay unknown", e);
            sampler.shutdown();
        }
    }

    /** Ends the sampling thread. */
    @Deactivate
    void stop() {
        sampler.shutdownNow();
        try {
            if (!sampler.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn(
                        "the hardware sampler did not end within 5 s; it is a daemon and ends with the process");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
