// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

/**
 * The events of one append are durable.
 *
 * <p>Immutable.
 *
 * @param asOf the domain's sequence after the append: a cursor that has seen all of it
 */
public record Ack(ChangeCursor asOf) {}
