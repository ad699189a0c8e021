// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.alert.Alert;
import org.spicetime.runtime.api.alert.AlertListener;
import org.spicetime.runtime.api.alert.Alerts;
import org.spicetime.runtime.core.watches.Channel;

/**
 * The alerts that hold, and the last that were cleared. Each rule tells all that it finds now; what
 * it found before and finds no more is cleared. Thread-safe: may be called under any lock, since
 * listeners are told on a thread of its own, which ends when there is nothing to tell.
 */
@Component(service = AlertBook.class)
public final class AlertBook implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AlertBook.class);
    private static final long IDLE_MILLIS = 500;
    private static final long JOIN_SECONDS = 2;

    /**
     * Who tells. Immutable.
     *
     * @param rule the rule
     * @param of the domain it looks at; null: the host
     */
    record Source(String rule, @Nullable DomainId of) {}

    /** One matter of a source. Immutable. */
    private record Key(AlertCode code, @Nullable DomainId domain, String subject) {
        static Key of(Finding finding) {
            return new Key(finding.code(), finding.domain(), finding.subject());
        }
    }

    /** An alert and its place in the order in which they were raised. Immutable. */
    private record Entry(long number, Alert alert) {
        static final Comparator<Entry> OLDEST_FIRST = Comparator.comparingLong(Entry::number);

        boolean about(@Nullable DomainId domain) {
            return domain == null || domain.equals(alert.domain());
        }
    }

    /** Who watches what; an empty value tells the end of the domain. Immutable. */
    private record Watcher(@Nullable DomainId domain, Channel<Optional<Alert>> channel) {}

    private final InstantSource clock;
    private final ThreadPoolExecutor teller;
    private final Object lock = new Object();

    /* Guarded by the lock. */
    private final Map<Source, Map<Key, Entry>> active = new HashMap<>();
    private final ArrayDeque<Entry> cleared = new ArrayDeque<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private long raised;

    /** An empty book by the clock of the machine. */
    @Activate
    public AlertBook() {
        this(InstantSource.system());
    }

    /** An empty book by this clock. */
    public AlertBook(InstantSource clock) {
        this.clock = clock;
        teller =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_MILLIS,
                        TimeUnit.MILLISECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform()
                                .daemon()
                                .inheritInheritableThreadLocals(false)
                                .name("alerts")
                                .factory());
        teller.allowCoreThreadTimeOut(true);
        var _ = watch(null, AlertBook::log);
    }

    /* What is the matter is logged by those who notice; here is its code and its end. */
    private static void log(Alert alert) {
        LOG.info(
                "alert {} {} ({}): {}",
                alert.code(),
                alert.active() ? "holds" : "is cleared",
                alert.severity(),
                alert.message());
    }

    /** Takes what a source finds now, in place of all that it found before. */
    void report(Source source, List<Finding> findings) {
        synchronized (lock) {
            Map<Key, Entry> held = active.getOrDefault(source, Map.of());
            if (held.isEmpty() && findings.isEmpty()) {
                return;
            }
            Map<Key, Entry> next = new LinkedHashMap<>();
            for (Finding finding : findings) {
                Key key = Key.of(finding);
                if (!next.containsKey(key)) {
                    next.put(key, found(finding, held.get(key)));
                }
            }
            Set<Key> gone = new HashSet<>(held.keySet());
            gone.removeAll(next.keySet());
            gone.forEach(key -> clear(held.get(key)));
            if (next.isEmpty()) {
                active.remove(source);
            } else {
                active.put(source, next);
            }
        }
    }

    /* Under the lock. */
    private Entry found(Finding finding, @Nullable Entry before) {
        Alert former = before == null ? null : before.alert();
        Alert alert =
                new Alert(
                        former == null ? UUID.randomUUID() : former.id(),
                        finding.code().text(),
                        finding.severity(),
                        finding.domain(),
                        finding.message(),
                        finding.details(),
                        former == null ? clock.instant() : former.raisedAt(),
                        null);
        Entry entry = new Entry(before == null ? ++raised : before.number(), alert);
        if (former == null || former.severity() != alert.severity()) {
            tell(entry);
        }
        return entry;
    }

    /* Under the lock. */
    private void clear(@Nullable Entry entry) {
        if (entry == null) {
            return;
        }
        Alert held = entry.alert();
        Instant now = clock.instant();
        // The clock of the machine may have been set back meanwhile.
        Instant end = now.isBefore(held.raisedAt()) ? held.raisedAt() : now;
        Entry ended =
                new Entry(
                        entry.number(),
                        new Alert(
                                held.id(),
                                held.code(),
                                held.severity(),
                                held.domain(),
                                held.message(),
                                held.details(),
                                held.raisedAt(),
                                end));
        cleared.addLast(ended);
        if (cleared.size() > Alerts.KEPT) {
            cleared.removeFirst();
        }
        tell(ended);
    }

    /* Under the lock. */
    private void tell(Entry entry) {
        watchers.removeIf(watcher -> watcher.channel().closed());
        for (Watcher watcher : watchers) {
            if (entry.about(watcher.domain())) {
                watcher.channel().offer(Optional.of(entry.alert()));
            }
        }
    }

    /** A domain is deleted: clears what is told of it, and ends the watches of it. */
    void forget(DomainId domain) {
        synchronized (lock) {
            Iterator<Map<Key, Entry>> sources = active.values().iterator();
            while (sources.hasNext()) {
                Map<Key, Entry> held = sources.next();
                List<Entry> about = held.values().stream().filter(e -> e.about(domain)).toList();
                held.values().removeAll(about);
                about.forEach(this::clear);
                if (held.isEmpty()) {
                    sources.remove();
                }
            }
            watchers.removeIf(watcher -> {
                boolean its = domain.equals(watcher.domain());
                if (its) {
                    watcher.channel().offer(Optional.empty());
                }
                return its;
            });
        }
    }

    /** As {@link Alerts#list}. */
    List<Alert> list(@Nullable DomainId domain, boolean onlyActive, int first) {
        if (first < 0) {
            throw new IllegalArgumentException("first must be 0 or more, was " + first);
        }
        synchronized (lock) {
            return Stream.concat(holding(), onlyActive ? Stream.of() : cleared.stream())
                    .filter(entry -> entry.about(domain))
                    .sorted(Entry.OLDEST_FIRST.reversed())
                    .limit(first)
                    .map(Entry::alert)
                    .toList();
        }
    }

    /* Under the lock. */
    private Stream<Entry> holding() {
        return active.values().stream().flatMap(held -> held.values().stream());
    }

    /** As {@link Alerts#watch}. */
    Watch watch(@Nullable DomainId domain, AlertListener listener) {
        Channel<Optional<Alert>> channel =
                new Channel<>(
                        teller,
                        alert -> alert.ifPresentOrElse(listener::changed, listener::deleted));
        synchronized (lock) {
            holding()
                    .filter(entry -> entry.about(domain))
                    .sorted(Entry.OLDEST_FIRST)
                    .forEach(entry -> channel.offer(Optional.of(entry.alert())));
            watchers.add(new Watcher(domain, channel));
        }
        return () -> {
            channel.close();
            unwatch(channel);
        };
    }

    private void unwatch(Channel<Optional<Alert>> channel) {
        synchronized (lock) {
            watchers.removeIf(watcher -> watcher.channel() == channel);
        }
    }

    /** Tells nothing any more, and ends the thread. */
    @Override
    @Deactivate
    public void close() {
        synchronized (lock) {
            watchers.forEach(watcher -> watcher.channel().close());
            watchers.clear();
        }
        teller.shutdownNow();
        try {
            if (!teller.awaitTermination(JOIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("thread alerts did not end within {} s", JOIN_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
