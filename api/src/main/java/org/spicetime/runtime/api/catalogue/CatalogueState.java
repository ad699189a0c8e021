// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.catalogue;

/** How far a plugin is trusted. */
public enum CatalogueState {
    /** In normal use. */
    ACTIVE,
    /** Ejected; not used again before its quarantine ends or an operator reinstates it. */
    QUARANTINED,
    /** Its bundle is stopped, unresolved or gone. */
    UNAVAILABLE
}
