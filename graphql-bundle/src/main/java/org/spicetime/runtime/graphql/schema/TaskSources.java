// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskChange;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.graphql.stream.EventSource;

/** What subscriptions to tasks listen to. */
final class TaskSources {
    private final Services services;

    TaskSources(Services services) {
        this.services = services;
    }

    EventSource task(Call call) {
        Task task = services.task(call.text("taskId"));
        return new One(services.domainOf(task), task.id());
    }

    EventSource changes(Call call) {
        Domain domain = services.domain(call.text("domainId"));
        TaskFilter filter =
                FilterInputs.tasks(call.optional("filter"))
                        .orElseThrow(() ->
                                RefusedException.badInput(
                                        "filter",
                                        "no task can match it; leave a condition out"
                                                + " instead of giving an empty list"));
        String resumed = call.scope().resumeAfter();
        return new Changes(
                domain, filter, resumed == null ? (String) call.optional("after") : resumed);
    }

    private record One(Domain domain, TaskId task) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            return domain.watchTask(
                    task,
                    state -> {
                        if (state.phase().isFinal()) listener.last(state);
                        else listener.next(state);
                    });
        }

        @Override
        public Kind kind() {
            return Kind.STATES;
        }
    }

    /** Pulled: the host keeps the order and the newest state of each task, no buffer is needed. */
    private static final class Changes implements EventSource {
        private static final int AT_A_TIME = 64;

        private final Domain domain;
        private final TaskFilter filter;
        private final @Nullable String after;
        private final AtomicReference<@Nullable TaskChanges> opened = new AtomicReference<>();
        private final AtomicReference<@Nullable Listener> reader = new AtomicReference<>();

        /** Used by the reader's thread alone. */
        private final ArrayDeque<TaskChange> taken = new ArrayDeque<>();

        Changes(Domain domain, TaskFilter filter, @Nullable String after) {
            this.domain = domain;
            this.filter = filter;
            this.after = after;
        }

        @Override
        public Watch open(Listener listener) {
            reader.set(listener);
            TaskChanges changes = domain.watchTasks(filter, after, () -> listener.next(filter));
            opened.set(changes);
            // What came before there was something to pull from has to wake the reader, too.
            listener.next(filter);
            return changes;
        }

        @Override
        public @Nullable Object pull() {
            TaskChange next = taken.poll();
            TaskChanges changes = opened.get();
            if (next != null || changes == null) return next;
            try {
                taken.addAll(changes.next(AT_A_TIME));
            } catch (RefusedException e) {
                Listener listener = reader.get();
                if (e.code() != RequestErrorCode.NOT_FOUND || listener == null) throw e;
                listener.end();
            }
            return taken.poll();
        }

        @Override
        public Kind kind() {
            return Kind.PULLED;
        }

        @Override
        public @Nullable String cursor(Object value) {
            return ((TaskChange) value).cursor();
        }
    }
}
