// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.constantbandwidth;

import org.jspecify.annotations.Nullable;

/** The tasks that wait for a server, as links inside them. Called by one thread at a time. */
final class Line {
    private @Nullable Client first;
    private @Nullable Client last;

    @Nullable Client first() {
        return first;
    }

    void addFirst(Client client) {
        Client second = first;
        client.line = this;
        client.after = second;
        first = client;
        if (second == null) last = client;
        else second.before = client;
    }

    void addLast(Client client) {
        Client former = last;
        client.line = this;
        client.before = former;
        last = client;
        if (former == null) first = client;
        else former.after = client;
    }

    void remove(Client client) {
        Client before = client.before;
        Client after = client.after;
        if (before == null) first = after;
        else before.after = after;
        if (after == null) last = before;
        else after.before = before;
        client.before = null;
        client.after = null;
        client.line = null;
    }
}
