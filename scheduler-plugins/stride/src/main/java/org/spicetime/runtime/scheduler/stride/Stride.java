// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.stride;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.NodeOrder;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/**
 * The task with the smallest pass runs, and its pass goes on by its stride, which is the shorter
 * the more tickets it has (C. A. Waldspurger, W. E. Weihl, <i>Stride Scheduling: Deterministic
 * Proportional-Share Resource Management</i>, MIT/LCS/TM-528, 1995). A part of a slice counts as
 * the same part of a stride. Who joins begins one stride behind the common track; who leaves for a
 * while keeps its distance to it.
 *
 * <p>{@code k0} of a queued node is its pass, {@code k1} the number of its task. Called by one
 * thread at a time.
 */
final class Stride implements SchedulingPolicy {
    private final int minPriority;
    private final long slice;
    private final NodeOrder queue = new NodeOrder();
    private long tickets;
    private double global;

    Stride(int minPriority, long sliceNanos) {
        this.minPriority = minPriority;
        this.slice = sliceNanos;
    }

    @Override
    public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
        Client client = competing(node);
        node.k0 = client.pass();
        node.k1 = node.task().seq();
        queue.add(node);
    }

    @Override
    public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
        return queue.take(startedOnly);
    }

    @Override
    public int compare(PolicyNode a, PolicyNode b, long now) {
        return 0;
    }

    @Override
    public long quantum(PolicyNode node) {
        competing(node);
        return slice;
    }

    @Override
    public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
        if (!(node.state instanceof Client client) || !client.active()) return;
        client.use(wallNanos);
        global += (double) wallNanos / slice * Client.STRIDE_1 / tickets;
        if (end == SliceEnd.BLOCKED || end == SliceEnd.FINISHED) leave(client);
    }

    @Override
    public boolean remove(PolicyNode node) {
        if (!queue.remove(node)) return false;
        if (node.state instanceof Client client) leave(client);
        return true;
    }

    @Override
    public void changed(PolicyNode node, Change change, long now) {
        if (change != Change.PRIORITY || !(node.state instanceof Client client)) return;
        boolean active = client.active();
        if (active) leave(client);
        client.tickets(ticketsOf(node));
        if (!active) return;
        join(client);
        node.k0 = queue.contains(node) ? client.pass() : node.k0;
        queue.moved(node);
    }

    @Override
    public long nextDecisionAt(long now) {
        return Long.MAX_VALUE;
    }

    @Override
    public int size() {
        return queue.size();
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of(
                "sliceNanos", slice, "queued", queue.size(), "tickets", tickets, "pass", global);
    }

    private Client competing(PolicyNode node) {
        Client client = node.state instanceof Client known ? known : null;
        if (client == null) {
            client = new Client(slice, ticketsOf(node));
            node.state = client;
        }
        if (!client.active()) join(client);
        return client;
    }

    private void join(Client client) {
        tickets += client.tickets();
        client.join(Math.round(global));
    }

    private void leave(Client client) {
        client.leave(Math.round(global));
        tickets -= client.tickets();
        if (tickets == 0) global = 0;
    }

    private long ticketsOf(PolicyNode node) {
        return Math.max(1, (long) node.task().priority() - minPriority + 1);
    }
}
