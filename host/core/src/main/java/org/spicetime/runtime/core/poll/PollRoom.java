// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.poll;

/** Keeps the fields of the object before it off the cache line of a {@link PollFlag}. */
abstract class PollRoom {
    long before0;
    long before1;
    long before2;
    long before3;
    long before4;
    long before5;
    long before6;
}
