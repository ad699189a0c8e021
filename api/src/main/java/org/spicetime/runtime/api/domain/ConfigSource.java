// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** The way a configuration comes in. Immutable. */
public enum ConfigSource {
    /** Defaults of the host. */
    DEFAULT,
    /** A configuration file. */
    FILE,
    /** A client: the API, the dashboard or the command line. */
    API,
    /** The web console or the local shell. */
    CONSOLE
}
