// SPDX-License-Identifier: Apache-2.0
/**
 * Domains: independent runtimes inside the host, each with its own scheduler, memory pool, executor
 * and network limits. The services are thread-safe; every value is an immutable snapshot.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.domain;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
