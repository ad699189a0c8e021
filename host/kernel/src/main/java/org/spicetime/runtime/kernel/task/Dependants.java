// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of dependencies on one task, as links inside of them, so that each can leave in constant
 * time. Guarded by the caller.
 */
final class Dependants {
    private @Nullable Dependency first;
    private @Nullable Dependency last;

    @Nullable Dependency first() {
        return first;
    }

    /** All as they are now, in order; the list may change while they are looked at. */
    List<Dependency> all() {
        List<Dependency> all = new ArrayList<>();
        for (Dependency one = first; one != null; one = one.next) all.add(one);
        return all;
    }

    void add(Dependency dependency) {
        dependency.list = this;
        dependency.previous = last;
        dependency.next = null;
        if (last == null) first = dependency;
        else last.next = dependency;
        last = dependency;
    }

    void remove(Dependency dependency) {
        Dependency previous = dependency.previous;
        Dependency next = dependency.next;
        if (previous == null) first = next;
        else previous.next = next;
        if (next == null) last = previous;
        else next.previous = previous;
        dependency.list = null;
        dependency.previous = null;
        dependency.next = null;
    }
}
