// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads what the preloaded library recorded. Thread-safe. */
final class Trace {

    private static final int HEAD = 15;

    private Trace() {}

    /** All records, in order. One that was cut off by a kill is left out. */
    static List<TraceRecord> read(Path file) throws IOException {
        List<TraceRecord> records = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer in =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                            .order(ByteOrder.LITTLE_ENDIAN);
            while (in.remaining() >= HEAD) {
                byte kind = in.get();
                int pathLength = Short.toUnsignedInt(in.getShort());
                long offset = in.getLong();
                int length = in.getInt();
                if (in.remaining() < pathLength + length) {
                    break;
                }
                byte[] path = new byte[pathLength];
                in.get(path);
                byte[] data = new byte[length];
                in.get(data);
                records.add(
                        new TraceRecord(
                                TraceRecord.Kind.of(kind),
                                new String(path, StandardCharsets.UTF_8),
                                offset,
                                data));
            }
        }
        return records;
    }
}
