// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.pressure;

import java.util.concurrent.Executor;

/**
 * What the pools of a host share to be relieved: one thread that does it, and the services that are
 * told. Immutable; the parts are thread-safe.
 *
 * @param thread runs one thing after the other, for as long as that takes
 * @param listeners to be told by that thread alone
 */
public record PressureRelief(Executor thread, PressureListeners listeners) {}
