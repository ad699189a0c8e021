// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedDiskTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private final SimulatedDisk disk = new SimulatedDisk();
    private int images;

    @Test
    void what_was_synchronised_is_in_every_image() throws IOException {
        disk.apply(TraceRecord.write("log", 0, text("kept ")));
        disk.apply(TraceRecord.sync("log"));
        disk.apply(TraceRecord.write("log", 5, text("or not")));

        assertThat(images(PowerLoss.DROP_ALL, "log")).containsExactly("kept ");
        assertThat(images(PowerLoss.KEEP_ALL, "log")).containsExactly("kept or not");
        assertThat(images(PowerLoss.PREFIX, "log"))
                .containsExactlyInAnyOrder("kept ", "kept or not");
    }

    @Test
    void one_file_is_not_made_durable_by_another() throws IOException {
        disk.apply(TraceRecord.write("log", 0, text("lost")));
        disk.apply(TraceRecord.write("other", 0, text("kept")));
        disk.apply(TraceRecord.sync("other"));

        assertThat(images(PowerLoss.DROP_ALL, "log")).containsExactly("");
        assertThat(images(PowerLoss.DROP_ALL, "other")).containsExactly("kept");
    }

    @Test
    void a_large_write_may_be_torn_between_its_sectors_and_a_later_one_come_first()
            throws IOException {
        byte[] two = new byte[1024];
        Arrays.fill(two, (byte) 'a');
        disk.apply(TraceRecord.write("log", 0, two));
        disk.apply(TraceRecord.write("log", 1024, text("b")));
        String hole = "\0".repeat(512);
        String half = "a".repeat(512);

        assertThat(images(PowerLoss.TORN, "log"))
                .contains("", half + half + "b", half + half, hole + half + "b", hole + hole + "b");
    }

    @Test
    void a_removed_file_may_be_back_until_its_directory_is_synchronised() throws IOException {
        disk.apply(TraceRecord.write("log", 0, text("old")));
        disk.apply(TraceRecord.sync("log"));
        disk.apply(new TraceRecord(TraceRecord.Kind.UNLINK, "log", 0, new byte[0]));

        assertThat(images(PowerLoss.DROP_ALL, "log")).containsExactlyInAnyOrder("old", "no file");
        assertThat(images(PowerLoss.KEEP_ALL, "log")).containsExactly("no file");

        disk.apply(TraceRecord.sync(""));
        assertThat(images(PowerLoss.DROP_ALL, "log")).containsExactly("no file");
    }

    @Test
    void a_shorter_file_has_zeros_where_it_grows_again() throws IOException {
        disk.apply(TraceRecord.write("log", 0, text("abcdef")));
        disk.apply(new TraceRecord(TraceRecord.Kind.TRUNCATE, "log", 2, new byte[0]));
        disk.apply(TraceRecord.write("log", 4, text("x")));

        assertThat(images(PowerLoss.KEEP_ALL, "log")).containsExactly("ab\0\0x");
    }

    private Set<String> images(PowerLoss mode, String file) throws IOException {
        Set<String> contents = new HashSet<>();
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 200; i++) {
            Path image = directory.resolve("image-" + images++);
            disk.writeImage(image, mode, random);
            Path at = image.resolve(file);
            contents.add(Files.exists(at) ? Files.readString(at) : "no file");
        }
        return contents;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
