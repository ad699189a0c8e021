// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.util.Set;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;

/** A bundle with a handler that never returns by itself, nor calls a checkpoint. Thread-safe. */
@SuppressWarnings({"InfiniteLoopStatement", "InfiniteRecursion"}) // that is what it is for
public final class EndlessHandler
        implements TaskHandler<EndlessHandler.Order, EndlessHandler.Answer>, BundleActivator {

    /** What to do. */
    public record Order(@PayloadField("In which way it never ends; none: it does.") String way) {}

    /** What was done. */
    public record Answer(@PayloadField("What was done.") String way) {}

    @Override
    public void start(BundleContext context) {
        context.registerService(TaskHandler.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service back.
    }

    @Override
    public HandlerDescriptor<Order, Answer> descriptor() {
        return new HandlerDescriptor<>(
                "endless", "1.0.0", "Never returns.", Order.class, Answer.class, Set.of());
    }

    @Override
    public Answer run(Order order, TaskContext context) {
        switch (order.way()) {
            case "spins" -> spin();
            case "recurses" -> branch(1_000);
            case "overflows its stack" -> recurse(1);
            case "computes vectors" -> vectors(new int[10_000], new int[10_000]);
            case "nests loops" -> nested();
            case "swallows what is thrown" -> swallow();
            default -> {
                // It returns.
            }
        }
        return new Answer(order.way());
    }

    private static void spin() {
        StringBuilder text = new StringBuilder();
        while (true) {
            text.append(text.length());
            if (text.length() > 10_000) {
                text.setLength(0);
            }
        }
    }

    private static long branch(int n) {
        return n < 2 ? n : branch(n - 1) + branch(n - 2);
    }

    private static long recurse(long depth) {
        try {
            return recurse(depth + 1) + 1;
        } catch (StackOverflowError e) {
            return recurse(depth + 1);
        }
    }

    private static void vectors(int[] a, int[] b) {
        while (true) {
            for (int i = 0; i < a.length; i++) {
                a[i] += 3 * b[i];
            }
        }
    }

    private static void nested() {
        int hash = 17;
        while (hash != 0) {
            for (int i = 0; i < 1_000; i++) {
                for (int j = 0; j < 1_000; j++) {
                    hash = hash * 31 + (i ^ j) | 1;
                }
            }
        }
    }

    @SuppressWarnings("UnusedVariable") // it only has to be busy
    private static void swallow() {
        long turns = 0;
        while (true) {
            try {
                while (true) {
                    turns++;
                }
            } catch (Throwable t) {
                turns = 0;
            }
        }
    }
}
