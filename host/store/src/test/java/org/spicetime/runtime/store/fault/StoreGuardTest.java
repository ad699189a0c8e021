// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.store.StoreException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class StoreGuardTest {

    private static final long MEBI = 1 << 20;
    private static final long LIMIT = 100 * MEBI;
    private static final long BALLAST = 3 * MEBI;
    private static final FaultSettings SETTINGS =
            new FaultSettings(BALLAST, LIMIT, 0.05, Duration.ofSeconds(1));

    private static final StoreGuard.DurableWrite WORKS = () -> {};
    private static final StoreGuard.Examination SOUND = () -> null;
    private static final StoreGuard.DurableWrite FAILS =
            () -> {
                throw error(SQLiteErrorCode.SQLITE_FULL);
            };

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private final FakeDisk disk = new FakeDisk();
    private final List<String> stops = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private StoreGuard guard;

    /** A disk of a gigabyte. Called by one thread at a time. */
    private static final class FakeDisk implements DiskSpace {
        private long free = 900 * MEBI;

        @Override
        public long free() {
            return free;
        }

        @Override
        public long total() {
            return 1000 * MEBI;
        }
    }

    @BeforeEach
    void open() {
        guard = new StoreGuard(directory, SETTINGS, disk, (what, cause) -> stops.add(what));
    }

    @Test
    void a_healthy_store_takes_everything_and_has_ballast() {
        guard.tend(WORKS, SOUND);

        assertThatCode(guard::checkGrowth).doesNotThrowAnyException();
        assertThat(guard.status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(guard.message()).isNull();
        assertThat(guard.freeBytes()).hasValue(800 * MEBI);
        assertThat(directory.resolve(Ballast.NAME)).hasSize(BALLAST);
    }

    @Test
    void below_the_limit_growth_is_refused_until_there_is_space_again() {
        disk.free = LIMIT - 1;
        guard.tend(WORKS, SOUND);

        refuses(StoreException.Reason.DISK_FULL, "99 MiB left");
        assertThatCode(guard::checkWritable).doesNotThrowAnyException();
        assertThat(guard.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(guard.readOnly()).isFalse();
        assertThat(guard.message()).contains("99 MiB", "100 MiB");
        assertThat(guard.freeBytes()).hasValue(0);

        disk.free = LIMIT;
        guard.tend(WORKS, SOUND);
        assertThatCode(guard::checkGrowth).doesNotThrowAnyException();
        assertThat(guard.status()).isEqualTo(HealthStatus.HEALTHY);
    }

    @Test
    void a_full_disk_makes_it_read_only_and_frees_the_ballast() {
        guard.tend(WORKS, SOUND);
        StoreException told = guard.failed(error(SQLiteErrorCode.SQLITE_FULL));

        assertThat(told.reason()).isEqualTo(StoreException.Reason.COMMIT_FAILED);
        assertThat(told.reason().outcomeUnknown()).isTrue();
        refuses(StoreException.Reason.READ_ONLY, "no room left");
        assertThatCode(guard::checkWritable).doesNotThrowAnyException();
        assertThat(guard.readOnly()).isTrue();
        assertThat(guard.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(directory.resolve(Ballast.NAME)).doesNotExist();
        assertThat(stops).isEmpty();
    }

    @Test
    void read_only_ends_by_itself_when_there_is_space_and_a_test_write_is_durable() {
        guard.tend(WORKS, SOUND);
        guard.failed(error(SQLiteErrorCode.SQLITE_FULL));

        disk.free = LIMIT;
        guard.tend(WORKS, SOUND); // room for new tasks, but not for the ballast besides
        assertThat(guard.readOnly()).isTrue();

        disk.free = LIMIT + BALLAST;
        guard.tend(FAILS, SOUND);
        assertThat(guard.readOnly()).isTrue();

        guard.tend(WORKS, SOUND);
        assertThat(guard.readOnly()).isFalse();
        assertThat(guard.message()).isNull();
        assertThatCode(guard::checkGrowth).doesNotThrowAnyException();
        assertThat(directory.resolve(Ballast.NAME)).hasSize(BALLAST);
    }

    @Test
    void an_error_of_the_disk_makes_it_read_only_and_a_defect_does_not() {
        guard.failed(error(SQLiteErrorCode.SQLITE_CONSTRAINT));
        assertThat(guard.readOnly()).isFalse();

        guard.failed(error(SQLiteErrorCode.SQLITE_IOERR_WRITE));
        assertThat(guard.readOnly()).isTrue();
        assertThat(guard.message()).contains("its disk failed");
    }

    @Test
    void a_page_that_was_not_as_it_should_be_is_looked_at_before_anything_is_taken_again() {
        guard.failed(error(SQLiteErrorCode.SQLITE_CORRUPT));
        assertThat(guard.readOnly()).isTrue();
        assertThat(guard.message()).contains("may be damaged");

        guard.tend(WORKS, () -> "row 7 missing");
        assertThat(guard.status()).isEqualTo(HealthStatus.UNHEALTHY);

        open();
        guard.failed(error(SQLiteErrorCode.SQLITE_CORRUPT));
        guard.tend(WORKS, SOUND);
        assertThat(guard.status()).isEqualTo(HealthStatus.HEALTHY);
    }

    @Test
    void so_is_one_that_a_reader_has_found_and_no_ballast_is_given_up_for_it() {
        guard.tend(WORKS, SOUND);
        guard.unreadable(error(SQLiteErrorCode.SQLITE_INTERRUPT));
        assertThat(guard.status()).isEqualTo(HealthStatus.HEALTHY);

        guard.unreadable(error(SQLiteErrorCode.SQLITE_CORRUPT));
        assertThat(guard.readOnly()).isTrue();
        assertThat(guard.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(directory.resolve(Ballast.NAME)).exists();

        guard.unreadable(error(SQLiteErrorCode.SQLITE_IOERR_READ));
        assertThat(guard.message()).as("it is looked at first").contains("may be damaged");
        guard.tend(WORKS, SOUND);
        assertThat(guard.status()).isEqualTo(HealthStatus.HEALTHY);
    }

    @Test
    void a_disk_that_refuses_to_synchronise_ends_the_process() {
        guard.failed(error(SQLiteErrorCode.SQLITE_IOERR_FSYNC));

        assertThat(stops).containsExactly("the store could not synchronise its disk");
    }

    @Test
    void so_does_one_that_refuses_it_to_the_test_write() {
        guard.failed(error(SQLiteErrorCode.SQLITE_IOERR_WRITE));
        guard.tend(
                () -> {
                    throw error(SQLiteErrorCode.SQLITE_IOERR_FSYNC);
                },
                SOUND);

        assertThat(stops).hasSize(1);
    }

    @Test
    void a_damaged_store_refuses_everything_and_does_not_heal_by_itself() {
        guard.checking();
        assertThat(guard.status()).isEqualTo(HealthStatus.CHECKING);
        assertThat(guard.message()).contains("being checked");
        assertThatCode(guard::checkGrowth).doesNotThrowAnyException();

        guard.checked("row 7 missing from index task_ready");
        assertThat(guard.status()).isEqualTo(HealthStatus.UNHEALTHY);
        assertThat(guard.message()).contains("row 7 missing", "restore a backup");
        refuses(StoreException.Reason.READ_ONLY, "row 7");
        assertThatExceptionOfType(StoreException.class).isThrownBy(guard::checkWritable);

        guard.tend(WORKS, SOUND);
        assertThat(guard.readOnly()).isTrue();
    }

    @Test
    void a_check_that_finds_nothing_leaves_a_healthy_store() {
        guard.checking();
        guard.checked(null);

        assertThat(guard.status()).isEqualTo(HealthStatus.HEALTHY);
    }

    @Test
    void ballast_of_another_size_is_replaced() throws Exception {
        Files.writeString(directory.resolve(Ballast.NAME), "of an earlier setting");
        guard.tend(WORKS, SOUND);

        assertThat(directory.resolve(Ballast.NAME)).hasSize(BALLAST);
    }

    private void refuses(StoreException.Reason reason, String because) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(guard::checkGrowth)
                .withMessageContaining(because)
                .extracting(StoreException::reason)
                .isEqualTo(reason);
    }

    private static SQLException error(SQLiteErrorCode code) {
        return new SQLiteException(code.message, code);
    }
}
