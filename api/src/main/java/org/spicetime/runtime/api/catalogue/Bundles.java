// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.catalogue;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.Watch;

/**
 * The bundles of the host: shipped ones, and those that were dropped into {@code deploy/} or
 * installed by an operator. What is wrong with one is told in whole sentences. Thread-safe; no
 * method blocks on a bundle, not even on one that hangs.
 */
@ProviderType
public interface Bundles {
    /**
     * All bundles, ordered by symbolic name, then by version.
     *
     * @return a snapshot
     */
    List<DeployedBundle> all();

    /**
     * One bundle. Of several with this symbolic name the active one, then the one with the higher
     * version.
     *
     * @param symbolicName its {@code Bundle-SymbolicName}
     * @return the bundle; empty when there is none
     */
    Optional<DeployedBundle> find(String symbolicName);

    /**
     * Files in {@code deploy/} of which no bundle could be made, ordered by name.
     *
     * @return a snapshot
     */
    List<RefusedFile> refusedFiles();

    /**
     * Tells every change of a bundle from now on: its state, its contributions, its problems. A
     * bundle that is gone is told once with {@link DeployedBundle.State#UNINSTALLED}. What is there
     * already is not told.
     *
     * @param listener called by one thread at a time, in order; must not block
     * @return ends the observation
     */
    Watch watch(Consumer<DeployedBundle> listener);

    /**
     * A part of the host tells what it found wrong with a bundle, in place of all that it told of
     * this bundle before. It is forgotten when the bundle goes or is updated.
     *
     * @param symbolicName of the bundle
     * @param reporter who tells, e.g. {@code schema}
     * @param problems whole sentences: what is wrong, why, what to do; empty: nothing any more
     */
    void report(String symbolicName, String reporter, List<String> problems);
}
