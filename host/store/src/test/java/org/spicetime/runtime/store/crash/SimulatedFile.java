// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** A file whose last writes may not have reached the disk. Called by one thread at a time. */
final class SimulatedFile {

    private static final int SECTOR = 512;

    private byte[] bytes = new byte[1 << 16];
    private int length;
    private final List<TraceRecord> pending = new ArrayList<>();

    /** Written, but nobody has asked for it to be durable. */
    void later(TraceRecord change) {
        pending.add(change);
    }

    /** All that was written is durable now. */
    void sync() {
        for (TraceRecord change : pending) {
            apply(change);
        }
        pending.clear();
    }

    /** What the disk may hold if the power fails now. */
    byte[] image(PowerLoss mode, RandomGenerator random) {
        SimulatedFile copy = new SimulatedFile();
        copy.bytes = Arrays.copyOf(bytes, Math.max(bytes.length, 1));
        copy.length = length;
        int kept =
                switch (mode) {
                    case DROP_ALL -> 0;
                    case PREFIX -> random.nextInt(pending.size() + 1);
                    case TORN, KEEP_ALL -> pending.size();
                };
        for (TraceRecord change : pending.subList(0, kept)) {
            if (mode != PowerLoss.TORN) {
                copy.apply(change);
            } else {
                copy.tear(change, random);
            }
        }
        return Arrays.copyOf(copy.bytes, copy.length);
    }

    private void tear(TraceRecord change, RandomGenerator random) {
        double fate = random.nextDouble();
        if (fate < 0.4) {
            return;
        }
        boolean torn =
                fate < 0.7 && change.is(TraceRecord.Kind.WRITE) && change.data().length > SECTOR;
        if (!torn) {
            apply(change);
            return;
        }
        for (int from = 0; from < change.data().length; from += SECTOR) {
            if (random.nextBoolean()) {
                int to = Math.min(from + SECTOR, change.data().length);
                write(change.offset() + from, change.data(), from, to - from);
            }
        }
    }

    private void apply(TraceRecord change) {
        if (change.is(TraceRecord.Kind.WRITE)) {
            write(change.offset(), change.data(), 0, change.data().length);
            return;
        }
        int wanted = Math.toIntExact(change.offset());
        grow(wanted);
        if (wanted < length) {
            Arrays.fill(bytes, wanted, length, (byte) 0);
        }
        length = wanted;
    }

    private void write(long at, byte[] data, int from, int count) {
        int end = Math.toIntExact(at + count);
        grow(end);
        System.arraycopy(data, from, bytes, (int) at, count);
        length = Math.max(length, end);
    }

    private void grow(int wanted) {
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(wanted, bytes.length * 2));
        }
    }
}
