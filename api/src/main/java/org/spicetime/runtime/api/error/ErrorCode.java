// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.error;

/**
 * A stable, machine readable code. Clients may switch on {@link #name()}; codes are only ever
 * added.
 */
public sealed interface ErrorCode permits RuntimeErrorCode, RequestErrorCode {
    /** The code as clients see it. */
    String name();
}
