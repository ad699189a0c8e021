// SPDX-License-Identifier: Apache-2.0
/**
 * Names, payloads and options that all parts of the contract share. Every value type here is
 * immutable and checks itself, so it may be passed between threads freely.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
