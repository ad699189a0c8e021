// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.store.Ack;
import org.spicetime.runtime.api.store.OpenReport;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.store.memory.MemoryTaskStore;

/**
 * A store that says it is durable, commits only when the test lets it, and fails as the test wants.
 * Thread-safe.
 */
final class HeldStore {

    final MemoryTaskStore memory = new MemoryTaskStore();

    /* Guarded by this. */
    private final ArrayDeque<Append> held = new ArrayDeque<>();
    private final List<StoreEvent> events = new ArrayList<>();
    private boolean holding;
    private StoreException.@Nullable Reason failure;
    private Predicate<List<StoreEvent>> failing = some -> false;
    private boolean appliedAllTheSame;
    private StoreException.@Nullable Reason noRoom;
    private int failed;

    private record Append(List<Object> arguments, Method method, CompletableFuture<Ack> answer) {}

    /** The store as a host gets it. */
    TaskStore forHost() {
        return (TaskStore)
                Proxy.newProxyInstance(
                        TaskStore.class.getClassLoader(),
                        new Class<?>[] {TaskStore.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "open" -> {
                                        invoke(method, arguments);
                                        yield new OpenReport(
                                                "held", 1, true, false, false, List.of());
                                    }
                                    case "append" -> append(method, arguments);
                                    case "reserve" -> {
                                        checkRoom();
                                        yield invoke(method, arguments);
                                    }
                                    case "close" -> null;
                                    default -> invoke(method, arguments);
                                });
    }

    private Object invoke(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(memory, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private synchronized CompletionStage<Ack> append(Method method, Object[] arguments)
            throws Throwable {
        Append append = new Append(List.of(arguments), method, new CompletableFuture<>());
        held.add(append);
        if (!holding) {
            commit();
        }
        return append.answer();
    }

    private synchronized void checkRoom() {
        if (noRoom != null) {
            throw new StoreException(noRoom, "the test wants it so");
        }
    }

    @SuppressWarnings("unchecked")
    private synchronized void commit() throws Throwable {
        while (!held.isEmpty()) {
            Append append = held.remove();
            List<StoreEvent> some = (List<StoreEvent>) append.arguments().get(1);
            StoreException.Reason why = failure != null && failing.test(some) ? failure : null;
            if (why == null || appliedAllTheSame) {
                events.addAll(some);
                CompletionStage<Ack> applied =
                        (CompletionStage<Ack>)
                                invoke(append.method(), append.arguments().toArray());
                if (why == null) {
                    applied.whenComplete((ack, refused) -> {
                        if (refused == null) {
                            append.answer().complete(ack);
                        } else {
                            append.answer().completeExceptionally(refused);
                        }
                    });
                }
            }
            if (why != null) {
                failed++;
                append.answer()
                        .completeExceptionally(new StoreException(why, "the test wants it so"));
            }
        }
    }

    /** From now on nothing is committed. */
    synchronized void hold() {
        holding = true;
    }

    /** Appends that wait for their commit. */
    synchronized int heldAppends() {
        return held.size();
    }

    /** Commits what was held, and from now on everything at once. */
    synchronized void release() {
        holding = false;
        try {
            commit();
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Appends like these fail from now on.
     *
     * @param applied whether they take effect all the same, as after a crash between commit and
     *     answer
     */
    synchronized void fail(
            StoreException.Reason reason, Predicate<List<StoreEvent>> which, boolean applied) {
        failure = reason;
        failing = which;
        appliedAllTheSame = applied;
    }

    /** Nothing fails any more. */
    synchronized void heal() {
        failure = null;
        noRoom = null;
    }

    /** There is no room for admissions. */
    synchronized void refuse(StoreException.Reason reason) {
        noRoom = reason;
    }

    synchronized int failures() {
        return failed;
    }

    /** What took effect, in order. */
    synchronized List<StoreEvent> events() {
        return List.copyOf(events);
    }
}
