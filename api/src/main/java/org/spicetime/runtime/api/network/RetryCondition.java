// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.network;

/** Failures of a network request that may be tried again. */
public enum RetryCondition {
    /** No connection could be made. */
    CONNECT,
    /** The connection broke or timed out midway. */
    IO,
    /** Status 429 or 503; Retry-After is respected. */
    THROTTLED,
    /** Any other 5xx status. */
    SERVER_ERROR
}
