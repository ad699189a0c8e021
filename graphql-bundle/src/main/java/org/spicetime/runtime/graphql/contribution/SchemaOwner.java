// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

/** Who answers a field that a bundle added. Thread-safe. */
public interface SchemaOwner {
    /** The bundle. */
    Contributor contributor();

    /** Whether it left, so that the field is not answered any more. */
    boolean gone();
}
