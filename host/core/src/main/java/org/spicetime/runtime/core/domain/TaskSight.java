// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.core.dispatch.Dispatcher;
import org.spicetime.runtime.core.watches.Channel;

/** Follows tasks as they go on: where one is in its code, and what becomes of it. Immutable. */
final class TaskSight {

    private final HostedDomain domain;
    private final DomainBody body;

    TaskSight(HostedDomain domain) {
        this.domain = domain;
        body = domain.body();
    }

    /** The calls a task is in, innermost first; empty: it does not run. */
    Optional<List<String>> stack(TaskId id) {
        Optional<Dispatcher.Place> place = placeOf(id);
        Optional<List<String>> calls =
                place.map(found ->
                        Arrays.stream(found.thread().getStackTrace())
                                .map(StackTraceElement::toString)
                                .toList());
        // Its thread may have gone on to another task meanwhile.
        return placeOf(id).equals(place) ? calls : Optional.empty();
    }

    private Optional<Dispatcher.Place> placeOf(TaskId id) {
        return body.tasks.with(k -> k.entry(id).flatMap(body.dispatcher::placeOf));
    }

    /** Follows one task; one that has finished already is told once. */
    Watch watch(TaskId id, Consumer<? super Task> listener) {
        domain.window().bring(id);
        Channel<Task> channel = new Channel<>(body.node.notifier(), listener);
        return body.tasks
                .watches()
                .watch(id, channel)
                .orElseGet(() -> {
                    channel.offer(
                            domain.pages()
                                    .task(id)
                                    .orElseThrow(() -> RefusedException.notFound("task", id)));
                    return channel;
                });
    }

    /** Follows all that pass a filter; after a cursor only as far as the store goes back. */
    TaskChanges stream(TaskFilter filter, @Nullable String after, Runnable available) {
        TaskWatches watches = body.tasks.watches();
        return body.node.durable()
                ? watches.stream(body.node.store(), filter, after, available)
                : watches.stream(filter, after, available);
    }
}
