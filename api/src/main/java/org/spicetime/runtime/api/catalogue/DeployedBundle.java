// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.catalogue;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bundle as it is now. Immutable.
 *
 * @param symbolicName its {@code Bundle-SymbolicName}
 * @param version its {@code Bundle-Version}
 * @param name its {@code Bundle-Name}; null when it has none
 * @param vendor its {@code Bundle-Vendor}; null when it has none
 * @param state where it is in its life cycle
 * @param lastModified when it was installed, updated or uninstalled
 * @param sha256 SHA-256 of its file, 64 lower-case hexadecimal digits; null while it is being
 *     computed, and where there is no file, as for the framework
 * @param core whether it is part of the product and only an upgrade of the host changes it
 * @param file name of the file in {@code deploy/} it came from; null when it came another way
 * @param contributions plugins it provides that are offered now, ordered by kind, then by name
 * @param problems what is wrong with it, in whole sentences; empty when it is well
 */
public record DeployedBundle(
        String symbolicName,
        String version,
        @Nullable String name,
        @Nullable String vendor,
        State state,
        Instant lastModified,
        @Nullable String sha256,
        boolean core,
        @Nullable String file,
        List<Contribution> contributions,
        List<String> problems) {

    /** Where a bundle is in its life cycle, as in chapter 4 of the OSGi core specification. */
    public enum State {
        /** Its requirements are not resolved. */
        INSTALLED,
        /** May be started. */
        RESOLVED,
        /** Being started, or waiting for its first use. */
        STARTING,
        /** Running. */
        ACTIVE,
        /** Being stopped. */
        STOPPING,
        /** Gone. */
        UNINSTALLED
    }

    /**
     * A plugin that a bundle provides. Immutable.
     *
     * @param kind its kind
     * @param name by which it is configured
     */
    public record Contribution(PluginKind kind, String name) {
        public Contribution {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(name, "name");
        }
    }

    public DeployedBundle {
        Objects.requireNonNull(symbolicName, "symbolicName");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(lastModified, "lastModified");
        if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "sha256 must be 64 lower-case hexadecimal digits, got " + sha256);
        }
        contributions = List.copyOf(contributions);
        problems = List.copyOf(problems);
    }
}
