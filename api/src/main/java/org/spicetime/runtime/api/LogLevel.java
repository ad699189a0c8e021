// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

/** Levels of log records, from least to most serious. Immutable. */
public enum LogLevel {
    /** Everything. */
    TRACE,
    /** For developers. */
    DEBUG,
    /** Normal course. */
    INFO,
    /** Unusual, taken care of. */
    WARN,
    /** Something failed. */
    ERROR
}
