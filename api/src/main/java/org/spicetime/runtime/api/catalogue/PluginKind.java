// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.catalogue;

/** Kinds of plugin. */
public enum PluginKind {
    /** Scheduling policy. */
    SCHEDULING_POLICY,
    /** Allocation strategy. */
    ALLOCATOR,
    /** Task handler. */
    TASK_HANDLER
}
