// SPDX-License-Identifier: Apache-2.0
/**
 * Task handlers: the code that does a task's work. A handler is called by many workers at the same
 * time; each call has a {@link org.spicetime.runtime.api.handler.TaskContext} of its own, used by
 * the calling thread.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.handler;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
