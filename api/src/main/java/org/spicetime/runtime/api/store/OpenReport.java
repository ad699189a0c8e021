// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.util.List;
import org.spicetime.runtime.api.DomainId;

/**
 * What opening a store found and did.
 *
 * <p>Immutable.
 *
 * @param engine name and version of the engine; not blank
 * @param schemaVersion version of the store's layout; at least 1
 * @param durable whether what is acknowledged survives the process and a loss of power
 * @param cleanStop whether the last process closed the store, or there was none
 * @param migrated whether the layout was brought up to date
 * @param recoveries what became of tasks that were running, for each domain that had any
 */
public record OpenReport(
        String engine,
        int schemaVersion,
        boolean durable,
        boolean cleanStop,
        boolean migrated,
        List<Recovery> recoveries) {

    /**
     * Checks engine and version, and copies the list.
     *
     * @throws IllegalArgumentException if the engine is blank or the version below 1
     */
    public OpenReport {
        Check.notBlank("engine", engine);
        Check.atLeast("schema version", schemaVersion, 1);
        recoveries = List.copyOf(recoveries);
    }

    /**
     * What became of the tasks that ran in a domain when its owner died.
     *
     * <p>Immutable.
     *
     * @param domain the domain
     * @param retried tasks that will run again
     * @param failed tasks that failed for good
     * @param suspended tasks that wait for an operator
     * @param cancelled tasks whose cancellation was already asked for
     */
    public record Recovery(
            DomainId domain, long retried, long failed, long suspended, long cancelled) {

        /**
         * Checks the signs.
         *
         * @throws IllegalArgumentException if a number is negative
         */
        public Recovery {
            Check.notNegative("retried", retried);
            Check.notNegative("failed", failed);
            Check.notNegative("suspended", suspended);
            Check.notNegative("cancelled", cancelled);
        }
    }
}
