// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.catalogue;

/** Why a plugin was taken out of service. */
public enum EjectionReason {
    /** It threw. */
    EXCEPTION,
    /** It did not return in time. */
    HUNG,
    /** Its calls were too slow. */
    SLOW,
    /**
     * It passed over a ready task more often than it promises, or left a slot idle while a task was
     * ready.
     */
    STARVATION,
    /** It lost a task or a block. */
    LOST,
    /** It returned a task or a range that was not its to give. */
    INVALID_RESULT,
    /** It used more than its share of memory, threads or files. */
    RESOURCE_ABUSE,
    /** Its bundle was stopped or removed. */
    BUNDLE_GONE,
    /** An operator asked for it. */
    OPERATOR
}
