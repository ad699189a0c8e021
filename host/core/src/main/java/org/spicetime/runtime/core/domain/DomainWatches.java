// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.DomainListener;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.core.watches.Channel;

/** Who watches one domain as a whole. Thread-safe; guarded by the domain's guard. */
final class DomainWatches {

    private final DomainBody body;

    /* An empty value tells the end of the domain. */
    private final List<Channel<Optional<DomainState>>> states = new ArrayList<>();

    DomainWatches(DomainBody body) {
        this.body = body;
    }

    Watch add(DomainListener listener) {
        Channel<Optional<DomainState>> channel =
                new Channel<>(
                        body.node.notifier(),
                        state -> state.ifPresentOrElse(listener::changed, listener::deleted));
        body.guard.enter();
        try {
            body.checkExists();
            channel.offer(Optional.of(body.state()));
            states.add(channel);
        } finally {
            body.guard.leave();
        }
        return () -> {
            channel.close();
            remove(channel);
        };
    }

    private void remove(Channel<Optional<DomainState>> channel) {
        body.guard.enter();
        try {
            states.remove(channel);
        } finally {
            body.guard.leave();
        }
    }

    Watch addErrors(Consumer<? super RuntimeError> listener) {
        body.checkExists();
        return body.errors.watch(new Channel<>(body.node.notifier(), listener));
    }

    /** Tells the state as it is. Under the guard. */
    void changed() {
        if (!states.isEmpty()) {
            states.removeIf(Channel::closed);
            Optional<DomainState> state = Optional.of(body.state());
            states.forEach(channel -> channel.offer(state));
        }
    }

    /** The domain is deleted: says so, and nothing more. */
    void end() {
        body.guard.enter();
        try {
            states.forEach(channel -> channel.offer(Optional.empty()));
            states.clear();
        } finally {
            body.guard.leave();
        }
        body.errors.end();
    }
}
