// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.memory.handle.Movable;

/** What swapping refuses, and in which words. Immutable. */
final class SwapErrors {
    private final DomainId domain;

    SwapErrors(DomainId domain) {
        this.domain = domain;
    }

    /** A file cannot be made. */
    RefusedException notMade(IOException why, long limitBytes) {
        return exhausted(
                        ("domain %s: no swap file can be made: %s; make the directory writable, or set"
                                        + " memory.swapPolicy to NONE")
                                .formatted(domain, reason(why)),
                        "SWAP_UNAVAILABLE")
                .with("requested", limitBytes)
                .with("available", 0L);
    }

    RefusedException noPolicy() {
        return RefusedException.conflict(
                "domain %s swaps nothing: memory.swapPolicy is NONE; set another one first"
                        .formatted(domain));
    }

    /** The file failed before. */
    RefusedException switchedOff(String why) {
        return exhausted(why, "SWAP_UNAVAILABLE");
    }

    /** The file fails now: what is told of it. */
    String failure(String what, IOException why) {
        return ("domain %s: %s: %s; what is swapped out stays there; free the disk or repair it, and"
                        + " set memory.swapPolicy again")
                .formatted(domain, what, reason(why));
    }

    /** A block finds no room to come back. */
    RefusedException allPinned(Movable handle, RefusedException why) {
        Map<String, Object> details = new LinkedHashMap<>(why.details());
        details.put("reason", "ALL_PINNED");
        return new RefusedException(
                RuntimeErrorCode.MEMORY_PRESSURE,
                ("domain %s: a block of %d bytes cannot come back from the swap file: what is in the"
                                + " pool is pinned or cannot be swapped out; hold fewer pins at a"
                                + " time, or raise memory.poolSize")
                        .formatted(domain, handle.byteSize()),
                details);
    }

    RefusedException damaged(Movable handle, DamagedBlockException why) {
        return exhausted(
                        "domain %s: a swapped block of %d bytes of task %s is damaged: %s"
                                .formatted(
                                        domain,
                                        handle.byteSize(),
                                        handle.owner().task(),
                                        reason(why)),
                        "SWAP_DAMAGED")
                .with("scope", "task");
    }

    RefusedException unreadable(Movable handle, IOException why) {
        return exhausted(
                        ("domain %s: a swapped block of %d bytes cannot be read: %s; pin it again, or"
                                        + " give it up")
                                .formatted(domain, handle.byteSize(), reason(why)),
                        "SWAP_UNREADABLE")
                .with("scope", "task");
    }

    private RefusedException exhausted(String message, String reason) {
        return new RefusedException(
                RuntimeErrorCode.RESOURCE_EXHAUSTED,
                message,
                Map.of("domain", domain.value(), "reason", reason));
    }

    private static String reason(IOException why) {
        String message = why.getMessage();
        return message == null ? why.getClass().getSimpleName() : message;
    }
}
