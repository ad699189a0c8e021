// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.MetricsSample;

/**
 * Samples as bytes: a version, then compressed by zlib (whose check sum tells damage) the number of
 * samples and their fields. Ratios and rates have the precision of a float; what is absent is NaN,
 * or -1 of a count. Thread-safe.
 */
final class SampleCodec {

    private static final int VERSION = 1;
    private static final long NO_COUNT = -1;

    private SampleCodec() {}

    /** The samples, oldest first. */
    static byte[] encode(List<MetricsSample> samples) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(VERSION);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DataOutputStream out =
                new DataOutputStream(new DeflaterOutputStream(bytes, deflater))) {
            out.writeInt(samples.size());
            for (MetricsSample sample : samples) {
                write(sample, out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static void write(MetricsSample sample, DataOutputStream out) throws IOException {
        out.writeLong(sample.timestamp().toEpochMilli());
        out.writeInt(sample.running());
        out.writeInt(sample.queueDepth());
        out.writeLong(sample.memoryUsedBytes());
        out.writeLong(sample.memoryCachedBytes());
        out.writeLong(sample.memorySwappedBytes());
        out.writeLong(sample.deadlineMisses().orElse(NO_COUNT));
        out.writeLong(sample.preemptions().orElse(NO_COUNT));
        for (OptionalDouble value :
                List.of(
                        sample.cpuUsage(),
                        sample.memoryStall(),
                        sample.networkBytesPerSecond(),
                        sample.storageOperationsPerSecond(),
                        sample.tasksPerSecond(),
                        sample.schedulingLatencyP50(),
                        sample.schedulingLatencyP99(),
                        sample.schedulingLatencyP999())) {
            out.writeFloat((float) value.orElse(Double.NaN));
        }
    }

    /**
     * What was encoded.
     *
     * @param most more samples than that are damage
     * @throws IOException if the bytes are of another version, or damaged
     */
    static List<MetricsSample> decode(DomainId domain, byte[] bytes, int most) throws IOException {
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw new IOException("samples of another version");
        }
        try (DataInputStream in =
                new DataInputStream(
                        new InflaterInputStream(
                                new ByteArrayInputStream(bytes, 1, bytes.length - 1)))) {
            int count = in.readInt();
            if (count < 0 || count > most) {
                throw new IOException("a block of " + count + " samples");
            }
            List<MetricsSample> samples = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                samples.add(read(domain, in));
            }
            return samples;
        } catch (IllegalArgumentException outOfRange) {
            throw new IOException("damaged samples", outOfRange);
        }
    }

    private static MetricsSample read(DomainId domain, DataInputStream in) throws IOException {
        Instant at = Instant.ofEpochMilli(in.readLong());
        int running = in.readInt();
        int queued = in.readInt();
        long used = in.readLong();
        long cached = in.readLong();
        long swapped = in.readLong();
        OptionalLong misses = count(in.readLong());
        OptionalLong preemptions = count(in.readLong());
        return new MetricsSample(
                domain,
                at,
                value(in),
                running,
                queued,
                used,
                cached,
                swapped,
                value(in),
                value(in),
                value(in),
                value(in),
                value(in),
                value(in),
                value(in),
                misses,
                preemptions);
    }

    private static OptionalLong count(long value) {
        return value == NO_COUNT ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static OptionalDouble value(DataInputStream in) throws IOException {
        float value = in.readFloat();
        return Float.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
