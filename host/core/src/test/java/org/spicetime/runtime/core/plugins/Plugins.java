// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;

/** Small plugins for the tests. */
final class Plugins {

    static final PolicyContext CONTEXT =
            new PolicyEnvironment(() -> 0L, new java.util.Random(1), 1, 0, 10, 0L);

    private Plugins() {}

    static PolicyDescriptor describe(String name, OptionSpec... options) {
        return new PolicyDescriptor(
                name,
                "1.2.3",
                "For a test.",
                Ordering.STRICT,
                false,
                false,
                Optional.empty(),
                List.of(options));
    }

    /** Keeps the options it was given last. */
    static final class Factory implements SchedulingPolicyFactory {
        private final PolicyDescriptor descriptor;
        volatile @Nullable Options given;

        Factory(String name, OptionSpec... options) {
            descriptor = describe(name, options);
        }

        @Override
        public PolicyDescriptor descriptor() {
            return descriptor;
        }

        @Override
        public Policy create(PolicyContext context, Options options) {
            given = options;
            KeyedPolicy policy = TaskView::seq;
            return policy;
        }
    }

    record Greeting(@PayloadField(value = "Whom.", defaultJson = "\"world\"") String name) {}

    record Answer(@PayloadField("Text.") String text) {}

    /** Greets. */
    static class Greeter implements TaskHandler<Greeting, Answer> {
        private final HandlerDescriptor<Greeting, Answer> descriptor;

        Greeter(String name, TaskType... defaultFor) {
            descriptor =
                    new HandlerDescriptor<>(
                            name,
                            "1.0.0",
                            "Greets.",
                            Greeting.class,
                            Answer.class,
                            Set.of(defaultFor));
        }

        @Override
        public HandlerDescriptor<Greeting, Answer> descriptor() {
            return descriptor;
        }

        @Override
        public Answer run(Greeting payload, TaskContext context) throws Exception {
            return new Answer("hello " + payload.name());
        }
    }

    static Ejection ejection(PluginKind kind, String name, EjectionReason reason) {
        return new Ejection(
                UUID.randomUUID(),
                Instant.EPOCH,
                kind,
                name,
                "1.2.3",
                "test.bundle",
                "1.0.0",
                null,
                reason,
                "seen in a test",
                "SAFE_FIFO",
                Duration.ZERO,
                Map.of());
    }
}
