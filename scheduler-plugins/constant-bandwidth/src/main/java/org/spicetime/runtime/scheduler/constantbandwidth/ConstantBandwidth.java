// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.constantbandwidth;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.NodeOrder;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * Servers with a budget per period, of which the one with the earliest deadline runs; one that has
 * used its budget gets the next one together with a deadline that is a period later (L. Abeni, G.
 * Buttazzo, <i>Integrating Multimedia Applications in Hard Real-Time Systems</i>, RTSS 1998). So a
 * server has its share whatever the others do. A hard reservation waits until the deadline before
 * it has a budget again (R. Rajkumar and others, <i>Resource Kernels</i>, MMCN 1998). Time at which
 * nobody waited is free, so that nobody pays later for what no one wanted.
 *
 * <p>Only the first tasks of a server's two lines, of those that own a thread and of others, are in
 * an order, with the server's deadline; so a new deadline moves two nodes, however many wait.
 * Called by one thread at a time.
 */
final class ConstantBandwidth implements SchedulingPolicy {
    private final LongSupplier clock;
    private final Grouping grouping;
    private final Reservation reservation;
    private final long quantum;
    private final Map<Object, Server> servers = new HashMap<>();
    private final NodeOrder ready = new NodeOrder();
    private final NodeOrder waiting = new NodeOrder();
    private int size;
    private long turns;

    /* How long nobody was queued, up to when somebody came, and since when it is so again. */
    private long calm;
    private long calmSince;

    ConstantBandwidth(
            LongSupplier clock, Grouping grouping, Reservation reservation, long quantumNanos) {
        this.clock = clock;
        this.grouping = grouping;
        this.reservation = reservation;
        this.quantum = quantumNanos;
        this.calmSince = clock.getAsLong();
    }

    @Override
    public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
        Client client = competing(node, now);
        boolean stays =
                reason == EnqueueReason.PREEMPTED
                        || reason == EnqueueReason.EXPIRED && quantum == 0;
        insert(client, stays, now);
    }

    private void insert(Client client, boolean first, long now) {
        if (size++ == 0) calm += now - calmSince;
        Server server = client.server;
        Line line = client.node.task().started() ? server.started : server.fresh;
        hide(line);
        if (first) {
            line.addFirst(client);
        } else {
            client.node.k1 = ++turns;
            line.addLast(client);
        }
        show(server, line);
    }

    @Override
    public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
        refill(now);
        PolicyNode next = ready.first(startedOnly);
        if (next != null) takeOut(clientOf(next), now);
        return next;
    }

    @Override
    public int compare(PolicyNode a, PolicyNode b, long now) {
        return Long.compare(deadline(a, now), deadline(b, now));
    }

    private long deadline(PolicyNode node, long now) {
        Server server =
                node.state instanceof Client client
                        ? client.server
                        : servers.get(group(node.task()));
        if (server == null || server.active == 0) return now + reservation.period();
        return server.waits() && server.until() > now ? Long.MAX_VALUE : server.deadline();
    }

    @Override
    public long quantum(PolicyNode node) {
        long now = clock.getAsLong();
        Client client = competing(node, now);
        client.calmBefore = calmUntil(now);
        long budget = client.server.budget();
        long slice = budget > 0 ? budget : reservation.budget();
        return quantum > 0 ? Math.min(slice, quantum) : slice;
    }

    @Override
    public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
        if (!(node.state instanceof Client client) || !client.active) return;
        long now = clock.getAsLong();
        Server server = client.server;
        long free = calmUntil(now) - client.calmBefore;
        hide(server.started);
        hide(server.fresh);
        server.use(Math.max(0, wallNanos - free), now);
        show(server, server.started);
        show(server, server.fresh);
        if (end == SliceEnd.FINISHED || end == SliceEnd.BLOCKED) leave(client);
    }

    @Override
    public boolean remove(PolicyNode node) {
        if (!(node.state instanceof Client client) || client.line == null) return false;
        takeOut(client, clock.getAsLong());
        leave(client);
        return true;
    }

    @Override
    public void changed(PolicyNode node, Change change, long now) {
        if (change != Change.PRIORITY || grouping != Grouping.PRIORITY) return;
        if (!(node.state instanceof Client client)) return;
        boolean queued = client.line != null;
        boolean active = client.active;
        if (queued) takeOut(client, now);
        if (active) leave(client);
        client.server = serverOf(node.task(), now);
        if (active) join(client, now);
        if (queued) insert(client, false, now);
    }

    @Override
    public long nextDecisionAt(long now) {
        PolicyNode first = waiting.first(false);
        return first == null ? Long.MAX_VALUE : Math.max(first.k0, now + 1);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of(
                "server", grouping.name(),
                "budgetNanos", reservation.budget(),
                "periodNanos", reservation.period(),
                "queued", size,
                "firstsOfServersWithoutBudget", waiting.size());
    }

    /* Servers whose next period has come are ready again. */
    private void refill(long now) {
        for (PolicyNode first = waiting.first(false);
                first != null && first.k0 <= now;
                first = waiting.first(false)) {
            Server server = clientOf(first).server;
            hide(server.started);
            hide(server.fresh);
            server.refill();
            show(server, server.started);
            show(server, server.fresh);
        }
    }

    private void takeOut(Client client, long now) {
        Line line = client.line;
        if (line == null) throw new IllegalStateException("not queued: " + client.node.task());
        hide(line);
        line.remove(client);
        show(client.server, line);
        if (--size == 0) calmSince = now;
    }

    private void hide(Line line) {
        Client first = line.first();
        if (first != null && !ready.remove(first.node)) waiting.remove(first.node);
    }

    private void show(Server server, Line line) {
        Client first = line.first();
        if (first == null) return;
        first.node.k0 = server.waits() ? server.until() : server.deadline();
        (server.waits() ? waiting : ready).add(first.node);
    }

    private long calmUntil(long now) {
        return size == 0 ? calm + (now - calmSince) : calm;
    }

    private Client competing(PolicyNode node, long now) {
        Client client = node.state instanceof Client known ? known : null;
        if (client == null) {
            client = new Client(node, serverOf(node.task(), now));
            node.state = client;
        }
        if (!client.active) join(client, now);
        return client;
    }

    private static void join(Client client, long now) {
        client.active = true;
        if (client.server.active++ == 0) client.server.arrive(now);
    }

    private static void leave(Client client) {
        client.active = false;
        client.server.active--;
    }

    private Server serverOf(TaskView task, long now) {
        return grouping == Grouping.TASK
                ? new Server(reservation, now)
                : servers.computeIfAbsent(group(task), any -> new Server(reservation, now));
    }

    private Object group(TaskView task) {
        return switch (grouping) {
            case TYPE -> task.type();
            case PRIORITY -> task.priority();
            case TASK -> task.id();
        };
    }

    private static Client clientOf(PolicyNode node) {
        if (node.state instanceof Client client) return client;
        throw new IllegalStateException("never queued: " + node.task());
    }
}
