// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.store.fault.FailStop;
import org.spicetime.runtime.store.fault.FaultSettings;
import org.spicetime.runtime.testkit.store.TaskStoreContract;

final class SqliteTaskStoreTest extends TaskStoreContract {

    private static final FailStop LOUD =
            (what, cause) -> {
                throw new AssertionError(what, cause);
            };

    @Override
    protected TaskStore newStore() {
        return new SqliteTaskStore(FaultSettings.OFF, LOUD);
    }
}
