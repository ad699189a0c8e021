// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.kernel.task.KernelSettings;
import org.spicetime.runtime.kernel.task.LightTasks;
import org.spicetime.runtime.kernel.task.Now;

/** What a lane needs of the domain behind it. Called under the guard. */
public interface LightSource {

    /** The light tasks of the kernel. */
    LightTasks lights();

    /** The settings of the kernel. */
    KernelSettings settings();

    /** How the domain's workers and queue are configured. */
    ExecutorConfig executor();

    /** Whether the policy in charge lets workers hold tasks of their own. */
    boolean relaxed();

    /** The present. */
    Now now();

    /** A series of changes of the light tasks is complete. */
    void settle(Now now);

    /** Calls into the policy follow each other until {@link #endPass}; they are watched as one. */
    void beginPass();

    /** They are over. */
    void endPass(Now now);

    /** How long a task was ready before it began; ns. */
    void waited(long nanos);

    /** How long a task took from its submission to its end; ns. */
    void tookInAll(long nanos);

    /** Some have ended. */
    void ended();

    /** Unfinished tasks of the other kind. */
    int heavy();
}
