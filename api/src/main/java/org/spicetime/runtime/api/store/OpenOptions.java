// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.nio.file.Path;
import java.time.InstantSource;
import org.spicetime.runtime.api.HostRef;

/**
 * Where a store lies and who opens it.
 *
 * <p>Immutable.
 *
 * @param directory folder for the store's files; exists and is writable. A store in memory ignores
 *     it
 * @param host the process that opens it
 * @param clock what the store takes for the present when it settles, prunes and stamps; UTC
 */
public record OpenOptions(Path directory, HostRef host, InstantSource clock) {}
