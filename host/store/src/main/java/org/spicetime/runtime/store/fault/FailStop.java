// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when the disk refuses to synchronise. After a failed fsync nobody knows which pages
 * are on the disk, and asking again may be answered with success although they are lost (Rebello et
 * al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020). So nothing is retried,
 * nothing is completed, and the next start reads what is really there. Thread-safe.
 */
@FunctionalInterface
public interface FailStop {

    /** Exit code of the process: an input/output error (EX_IOERR of sysexits). */
    int EXIT_CODE = 74;

    /**
     * Ends the process. In tests it may return; the store is of no use any more then.
     *
     * @param what what failed, for the log
     * @param cause the error
     */
    void stop(String what, Throwable cause);

    /**
     * Ends this process at once, after one line in the log and on the error stream.
     *
     * @return for use outside of tests
     */
    static FailStop ofProcess() {
        Logger log = LoggerFactory.getLogger(FailStop.class);
        return (what, cause) -> {
            String line =
                    "%s: %s. The host ends with code %d, because what the disk holds is not known any more; start it again, and what was acknowledged is read back"
                            .formatted(what, cause.getMessage(), EXIT_CODE);
            try {
                log.error(line);
                System.err.println(line);
            } finally {
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        };
    }
}
