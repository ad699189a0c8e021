// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.core.paging.Cursors;
import org.spicetime.runtime.core.paging.Found;
import org.spicetime.runtime.core.paging.Found.Positioned;
import org.spicetime.runtime.core.paging.TaskScan;

/**
 * Pages over all domains: each domain finds a page of its own, and the pages are merged. No lock of
 * one domain is held while another is asked. Under SCHEDULE, which orders only within a domain, one
 * domain comes after the other. Thread-safe.
 */
final class HostPages {

    private HostPages() {}

    /**
     * A page over these domains, ordered by id.
     *
     * @param ownerOf the domain that knows a task
     */
    static TaskPage page(
            Collection<HostedDomain> domains,
            Function<TaskId, Optional<HostedDomain>> ownerOf,
            TaskPageRequest request) {
        if (request.filter().limit().isPresent()) {
            throw RefusedException.badInput(
                    "filter.limit", "bounds the list of one domain; use the size of the page");
        }
        return request.order() == TaskOrder.SCHEDULE
                ? inTurn(domains, ownerOf, request)
                : merged(domains, request);
    }

    private static Found found(HostedDomain domain, TaskPageRequest request) {
        return domain.pages().found(request);
    }

    private static TaskPage merged(Collection<HostedDomain> domains, TaskPageRequest request) {
        new TaskScan(request, false);
        List<Positioned> all = new ArrayList<>();
        boolean more = false;
        long ahead = 0;
        long behind = 0;
        long matches = 0;
        for (HostedDomain domain : domains) {
            Found found = found(domain, request);
            all.addAll(found.entries());
            more |= found.more();
            ahead += found.ahead();
            behind += found.behind();
            matches += found.matches();
        }
        all.sort(Comparator.comparing(Positioned::place, Found.order(request.descending())));
        return cut(all, more, ahead, behind, matches, request);
    }

    private static TaskPage cut(
            List<Positioned> all,
            boolean more,
            long ahead,
            long behind,
            long matches,
            TaskPageRequest request) {
        int limit = request.limit();
        boolean over = all.size() > limit;
        List<Positioned> page = all;
        if (over) {
            page =
                    request.fromEnd()
                            ? all.subList(all.size() - limit, all.size())
                            : all.subList(0, limit);
        }
        return new Found(page, more || over, ahead, behind, matches).page(request.fromEnd(), null);
    }

    private static TaskPage inTurn(
            Collection<HostedDomain> domains,
            Function<TaskId, Optional<HostedDomain>> ownerOf,
            TaskPageRequest request) {
        List<HostedDomain> turn = new ArrayList<>(domains);
        if (request.descending()) {
            turn = turn.reversed();
        }
        int first = place("after", request.after(), turn, ownerOf);
        int last = place("before", request.before(), turn, ownerOf);
        List<Positioned> all = new ArrayList<>();
        boolean more = false;
        long ahead = 0;
        long behind = 0;
        long matches = 0;
        for (int i = 0; i < turn.size(); i++) {
            Found found = found(turn.get(i), within(request, i == first, i == last));
            matches += found.matches();
            if (i < first) {
                ahead += found.matches();
            } else if (last >= 0 && i > last) {
                behind += found.matches();
            } else {
                all.addAll(found.entries());
                more |= found.more();
                ahead += found.ahead();
                behind += found.behind();
            }
        }
        return cut(all, more, ahead, behind, matches, request);
    }

    private static int place(
            String argument,
            @Nullable String cursor,
            List<HostedDomain> turn,
            Function<TaskId, Optional<HostedDomain>> ownerOf) {
        if (cursor == null) {
            return -1;
        }
        TaskId task = Cursors.place(argument, cursor, TaskOrder.SCHEDULE).task();
        HostedDomain owner =
                ownerOf.apply(task)
                        .orElseThrow(() ->
                                Cursors.expired(
                                        argument, "names a task that is not known any more"));
        return turn.indexOf(owner);
    }

    private static TaskPageRequest within(TaskPageRequest request, boolean after, boolean before) {
        return new TaskPageRequest(
                request.filter(),
                request.order(),
                request.descending(),
                request.limit(),
                after ? request.after() : null,
                before ? request.before() : null,
                request.fromEnd());
    }
}
