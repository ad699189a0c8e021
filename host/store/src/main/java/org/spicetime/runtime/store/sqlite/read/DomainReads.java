// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.InputHash;
import org.spicetime.runtime.api.store.Known;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.StoredSamples;
import org.spicetime.runtime.store.sqlite.row.Columns;
import org.spicetime.runtime.store.sqlite.row.DomainRows;
import org.spicetime.runtime.store.sqlite.row.Micros;

/** Domains, their schedules and idempotency keys. Thread-safe. */
public final class DomainReads {

    /** How long a key is known at least. */
    public static final Duration KEY_LIFE = Duration.ofHours(24);

    private static final int FIRST_FINAL_PHASE = 10;

    private final Readers readers;

    /**
     * Reads by these connections.
     *
     * @param readers the connections
     */
    public DomainReads(Readers readers) {
        this.readers = readers;
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#domains}. */
    public List<DomainRecord> domains() {
        return readers.read(session -> {
            List<DomainRecord> domains = new ArrayList<>();
            try (ResultSet rows = session.statement(ReadStatements.DOMAINS).executeQuery()) {
                while (rows.next()) {
                    domains.add(DomainRows.domain(new Columns(rows, 1)));
                }
            }
            return domains;
        });
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#schedules}. */
    public List<ScheduleRecord> schedules(DomainId domain) {
        return readers.read(session -> {
            PreparedStatement statement = session.statement(ReadStatements.SCHEDULES);
            statement.setString(1, domain.value());
            List<ScheduleRecord> schedules = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    schedules.add(DomainRows.schedule(new Columns(rows, 1)));
                }
            }
            return schedules;
        });
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#samples}. */
    public List<StoredSamples> samples(DomainId domain, Duration resolution) {
        return readers.read(session -> {
            PreparedStatement statement = session.statement(ReadStatements.SAMPLES);
            statement.setString(1, domain.value());
            statement.setLong(2, resolution.toMillis());
            List<StoredSamples> samples = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    samples.add(
                            new StoredSamples(
                                    resolution,
                                    Micros.instant(rows.getLong(1)),
                                    Duration.ofMillis(rows.getLong(2)),
                                    Objects.requireNonNull(rows.getBytes(3))));
                }
            }
            return samples;
        });
    }

    /**
     * See {@link org.spicetime.runtime.api.store.TaskStore#known}.
     *
     * @param now the present; a key whose task is finished or gone is known for a day
     */
    public Optional<Known> known(DomainId domain, String key, Instant now) {
        return readers.read(session -> {
            PreparedStatement statement = session.statement(ReadStatements.KNOWN);
            statement.setString(1, domain.value());
            statement.setString(2, key);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                int phase = rows.getInt(4);
                boolean over = rows.wasNull() || phase >= FIRST_FINAL_PHASE;
                if (over && Micros.instant(rows.getLong(3)).plus(KEY_LIFE).isBefore(now)) {
                    return Optional.empty();
                }
                return Optional.of(
                        new Known(
                                Micros.taskId(Objects.requireNonNull(rows.getBytes(2))),
                                new InputHash(
                                        HexFormat.of()
                                                .formatHex(
                                                        Objects.requireNonNull(
                                                                rows.getBytes(1))))));
            }
        });
    }
}
