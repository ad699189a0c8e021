// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.DomainsListener;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.core.watches.Channel;

/**
 * Who watches the host as a whole: which domains there are, failures of all of them, and its
 * health, which is looked at by the sampler and told when a component has changed. Thread-safe.
 */
final class HostWatches {

    private final Executor notifier;
    private final Map<DomainId, HostedDomain> domains;
    private final List<Channel<RuntimeError>> errors = new CopyOnWriteArrayList<>();
    private final List<Channel<SystemHealth>> healths = new CopyOnWriteArrayList<>();

    /* Guarded by this. */
    private final List<Channel<Consumer<DomainsListener>>> memberships = new ArrayList<>();
    private Map<String, HealthComponent> told = Map.of();

    /** With the domains of the host, which change only by {@link #add} and {@link #remove}. */
    HostWatches(Executor notifier, Map<DomainId, HostedDomain> domains) {
        this.notifier = notifier;
        this.domains = domains;
    }

    synchronized void add(HostedDomain domain) {
        domains.put(domain.id(), domain);
        domain.body().errors.forward(this::failed);
        memberships.forEach(channel -> channel.offer(listener -> listener.created(domain.face())));
    }

    /** Whether it was there. */
    synchronized boolean remove(HostedDomain domain) {
        boolean there = domains.remove(domain.id(), domain);
        if (there) {
            memberships.forEach(channel -> channel.offer(l -> l.deleted(domain.id())));
        }
        return there;
    }

    private void failed(RuntimeError error) {
        errors.forEach(channel -> channel.offer(error));
    }

    synchronized Watch memberships(DomainsListener listener) {
        Channel<Consumer<DomainsListener>> channel =
                new Channel<>(notifier, event -> event.accept(listener));
        domains.values().forEach(domain -> channel.offer(l -> l.created(domain.face())));
        memberships.add(channel);
        return () -> {
            channel.close();
            remove(channel);
        };
    }

    private synchronized void remove(Channel<Consumer<DomainsListener>> channel) {
        memberships.remove(channel);
    }

    Watch errors(Consumer<? super RuntimeError> listener) {
        Channel<RuntimeError> channel = new Channel<>(notifier, listener);
        errors.add(channel);
        return () -> {
            channel.close();
            errors.remove(channel);
        };
    }

    Watch health(Consumer<? super SystemHealth> listener, Supplier<SystemHealth> present) {
        Channel<SystemHealth> channel = new Channel<>(notifier, listener);
        SystemHealth now = present.get();
        synchronized (this) {
            channel.offer(now);
            if (healths.isEmpty()) {
                told = byName(now);
            }
            healths.add(channel);
        }
        return () -> {
            channel.close();
            healths.remove(channel);
        };
    }

    /** Looks at the health if somebody watches it, and tells if a component has changed. */
    void sample(Supplier<SystemHealth> present) {
        if (healths.isEmpty()) {
            return;
        }
        SystemHealth now = present.get();
        Map<String, HealthComponent> components = byName(now);
        synchronized (this) {
            if (!sameStates(components, told)) {
                told = components;
                healths.forEach(channel -> channel.offer(now));
            }
        }
    }

    private static Map<String, HealthComponent> byName(SystemHealth health) {
        Map<String, HealthComponent> components = new HashMap<>();
        health.components().forEach(component -> components.put(component.name(), component));
        return components;
    }

    /* Facts such as free bytes change all the time; states and their reasons count. */
    private static boolean sameStates(
            Map<String, HealthComponent> left, Map<String, HealthComponent> right) {
        return left.keySet().equals(right.keySet())
                && left.values().stream()
                        .allMatch(component -> same(component, right.get(component.name())));
    }

    private static boolean same(HealthComponent left, @Nullable HealthComponent right) {
        return right != null
                && left.status() == right.status()
                && Objects.equals(left.message(), right.message());
    }
}
