// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.SQLException;

/** The engine failed in the middle of a decision; the writer takes its cause out again. */
final class SqlFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final SQLException error;

    SqlFailure(SQLException error) {
        super(error);
        this.error = error;
    }

    SQLException error() {
        return error;
    }
}
