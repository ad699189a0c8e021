// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.provisioning;

import java.nio.file.Path;
import org.spicetime.runtime.api.domain.DomainSpec;

/** What a file in {@code etc/domains} says. Immutable. */
public sealed interface ProvisionedFile {

    /** The file. */
    Path file();

    /** A domain to create. */
    record Described(Path file, DomainSpec spec) implements ProvisionedFile {}

    /**
     * A file that says nothing usable.
     *
     * @param problem one sentence with the cause
     */
    record Unreadable(Path file, String problem) implements ProvisionedFile {}
}
