// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What an error of the engine means for the store. Immutable. */
public enum Fault {
    /** There is no room: on the disk, in the quota, or up to the limit of the file's size. */
    FULL("there is no room left on its disk"),
    /** Reading or writing failed. */
    IO("its disk failed"),
    /** The disk refused to make writes durable. */
    SYNC("its disk refused to synchronise"),
    /** A page was not as it should be; the disk may also have failed to read it, for once. */
    SUSPECT("it may be damaged"),
    /** A check of the file has found damage. */
    DAMAGED("it is damaged"),
    /** The file or its directory cannot be written. */
    NOT_WRITABLE("its files cannot be written"),
    /** Anything else: a defect of this code, or a file that others use. */
    OTHER("it failed");

    private final String clause;

    Fault(String clause) {
        this.clause = clause;
    }

    /**
     * What it means, as half a sentence about the store.
     *
     * @return "its disk failed"
     */
    public String clause() {
        return clause;
    }

    /**
     * What an error means.
     *
     * @param error the error, or one it caused
     * @return its meaning
     */
    public static Fault of(SQLException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException engine) {
                return of(engine.getResultCode());
            }
        }
        return OTHER;
    }

    /* A result code has its family in the lower byte. */
    private static Fault of(@Nullable SQLiteErrorCode code) {
        if (code == null) {
            return OTHER;
        }
        if (code == SQLiteErrorCode.SQLITE_IOERR_FSYNC
                || code == SQLiteErrorCode.SQLITE_IOERR_DIR_FSYNC) {
            return SYNC;
        }
        return switch (code.code & 0xff) {
            case 13 -> FULL;
            case 10 -> IO;
            case 11, 26 -> SUSPECT;
            case 8, 14 -> NOT_WRITABLE;
            default -> OTHER;
        };
    }
}
