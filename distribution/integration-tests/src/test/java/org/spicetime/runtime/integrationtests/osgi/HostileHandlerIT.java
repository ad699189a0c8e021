// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/** A handler that misbehaves fails its own task and nothing else. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class HostileHandlerIT {

    private static final int WORKERS = 2;

    @Service BundleContext context;
    @Service Domains domains;

    private @Nullable Misbehaving handler;
    private @Nullable ServiceRegistration<?> registration;
    private @Nullable DomainProbe domain;

    /** Does what its payload says. */
    public static final class Misbehaving
            implements TaskHandler<Misbehaving.Order, Misbehaving.Answer> {

        private final CountDownLatch released = new CountDownLatch(1);

        /** What to do. */
        public record Order(@PayloadField("What to do.") String what) {}

        /** What was done. */
        public record Answer(@PayloadField("What was done.") String what) {}

        @Override
        public HandlerDescriptor<Order, Answer> descriptor() {
            return new HandlerDescriptor<>(
                    "misbehaving", "1.0.0", "Misbehaves.", Order.class, Answer.class, Set.of());
        }

        @Override
        @SuppressWarnings("NullAway") // a handler may be compiled without it
        public Answer run(Order order, TaskContext taskContext) throws Exception {
            switch (order.what()) {
                case "exception" -> throw new java.io.IOException("the disk is on fire");
                case "error" -> throw new AssertionError("this cannot happen");
                case "recursion" -> deeper(1);
                case "null" -> {
                    return null;
                }
                case "ignores interrupts" -> ignoreInterrupts();
                case "sleeps" -> released.await();
                case "huge" -> {
                    return new Answer("x".repeat(300 * 1024));
                }
                default -> {
                    // well-behaved
                }
            }
            return new Answer(order.what());
        }

        @SuppressWarnings("InfiniteRecursion") // what it is for
        private static int deeper(int depth) {
            return depth + deeper(depth + 1);
        }

        private void ignoreInterrupts() {
            boolean done = false;
            while (!done) {
                try {
                    done = released.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    // it is hostile: it goes on
                }
            }
        }
    }

    @BeforeEach
    void offer() {
        handler = new Misbehaving();
        registration = context.registerService(TaskHandler.class, handler, null);
        domain = DomainProbe.create(domains, "misbehaving", "FIFO", "TLSF");
    }

    @AfterEach
    void withdraw() {
        if (handler != null) {
            handler.released.countDown();
        }
        if (domain != null) {
            domain.close();
        }
        if (registration != null) {
            registration.unregister();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exception", "error", "recursion", "huge"})
    void aHandlerThatBreaksFailsItsTaskOnly(String what) {
        Task ended = probe().awaitEnd(probe().schedule(order(what, Duration.ZERO)));
        assertThat(ended.phase()).isEqualTo(TaskPhase.FAILED);
        assertThat(codeOf(ended))
                .isIn(RuntimeErrorCode.SCHEDULER_ERROR, RuntimeErrorCode.RESOURCE_EXHAUSTED);
        assertThat(messageOf(ended)).isNotBlank().doesNotContain("\tat ");
        requireWellBehavedTasksRun();
    }

    @Test
    void aHandlerThatAnswersNothingLeavesNoResult() {
        Task ended = probe().awaitEnd(probe().schedule(order("null", Duration.ZERO)));
        assertThat(ended.phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(ended.result()).isNull();
    }

    @Test
    void theMessageOfAnExceptionReachesTheClient() {
        Task ended = probe().awaitEnd(probe().schedule(order("exception", Duration.ZERO)));
        assertThat(messageOf(ended)).contains("the disk is on fire");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleeps", "ignores interrupts"})
    void aHandlerThatNeverReturnsIsTimedOutAndReplaced(String what) {
        for (int i = 0; i < WORKERS; i++) {
            Task ended = probe().awaitEnd(probe().schedule(order(what, Duration.ofMillis(300))));
            assertThat(ended.phase()).isEqualTo(TaskPhase.TIMED_OUT);
            assertThat(codeOf(ended)).isEqualTo(RuntimeErrorCode.TASK_TIMEOUT);
        }
        requireWellBehavedTasksRun();
    }

    @Test
    void aHandlerThatSleepsCanBeCancelled() {
        Task task = probe().schedule(order("sleeps", Duration.ZERO));
        DomainProbe.done(probe().domain().cancel(task.id(), "no longer wanted"));
        Task ended = probe().awaitEnd(task);
        assertThat(ended.phase()).isEqualTo(TaskPhase.CANCELLED);
        requireWellBehavedTasksRun();
    }

    private void requireWellBehavedTasksRun() {
        for (int i = 0; i < 2 * WORKERS; i++) {
            Task ended = probe().awaitEnd(probe().schedule(order("nothing", Duration.ZERO)));
            assertThat(ended.phase()).as("%s", ended.error()).isEqualTo(TaskPhase.COMPLETED);
        }
    }

    private static TaskRequest order(String what, Duration timeout) {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler("misbehaving")
                .payload(Payload.json("{\"what\":\"" + what + "\"}"))
                .durability(Durability.VOLATILE)
                .timeout(timeout)
                .build();
    }

    private DomainProbe probe() {
        assertThat(domain).isNotNull();
        return domain;
    }

    private static RuntimeErrorCode codeOf(Task task) {
        return errorOf(task).code();
    }

    private static String messageOf(Task task) {
        return errorOf(task).message();
    }

    private static RuntimeError errorOf(Task task) {
        RuntimeError error = task.error();
        assertThat(error).isNotNull();
        return error;
    }
}
