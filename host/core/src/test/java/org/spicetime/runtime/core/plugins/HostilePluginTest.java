// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;

/** Bundles that misbehave when they are asked who they are, or to make an instance. */
@SuppressWarnings("NullAway") // what plugins must not do
final class HostilePluginTest {

    private static final PluginOrigin EVIL = PluginOrigin.of("evil.bundle", "6.6.6");
    private static final PluginOrigin GOOD = PluginOrigin.of("good.bundle", "1.0.0");

    private final PluginRegistry registry =
            new PluginRegistry(InstantSource.system(), Duration.ofSeconds(30));
    private final PluginRegistry impatient =
            new PluginRegistry(InstantSource.system(), Duration.ofMillis(50));

    private static SchedulingPolicyFactory factory(
            Supplier<@Nullable PolicyDescriptor> descriptor, Supplier<@Nullable Policy> policy) {
        return new SchedulingPolicyFactory() {
            @Override
            public PolicyDescriptor descriptor() {
                return descriptor.get();
            }

            @Override
            public Policy create(PolicyContext context, Options options) {
                return policy.get();
            }
        };
    }

    private static <T> Supplier<T> failing(Throwable throwable) {
        return () -> {
            HostilePluginTest.<RuntimeException>sneak(throwable);
            throw new AssertionError("not reached");
        };
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable throwable) throws E {
        throw (E) throwable;
    }

    static Stream<Throwable> everythingThrowable() {
        return Stream.of(
                new IllegalStateException("bad"),
                new NoClassDefFoundError("gone/Gone"),
                new StackOverflowError(),
                new OutOfMemoryError("pretended"),
                new InterruptedException("sneaky"),
                new Error("an error"));
    }

    private void assertOthersWork() {
        assertThat(registry.addPolicy(new Plugins.Factory("GOOD"), GOOD)).isTrue();
        assertThat(registry.policy("GOOD").orElseThrow().create(Plugins.CONTEXT, Map.of()))
                .isNotNull();
    }

    private void assertRefused(String said) {
        assertThat(registry.policyNames()).containsExactly("SAFE_FIFO");
        assertThat(registry.problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.origin()).isEqualTo(EVIL);
                    assertThat(problem.message()).contains(said);
                });
        assertOthersWork();
    }

    @ParameterizedTest
    @MethodSource("everythingThrowable")
    void aDescriptorThatThrowsIsRefused(Throwable throwable) {
        SchedulingPolicyFactory evil = factory(failing(throwable), () -> null);
        assertThat(registry.addPolicy(evil, EVIL)).isFalse();
        assertRefused(throwable.getClass().getSimpleName());
        registry.remove(evil);
        assertThat(registry.problems()).isEmpty();
    }

    @Test
    void aDescriptorThatIsNullIsRefused() {
        registry.addPolicy(factory(() -> null, () -> null), EVIL);
        assertRefused("null");
    }

    @Test
    void aMalformedDescriptorIsRefused() {
        registry.addPolicy(factory(() -> Plugins.describe("lower case"), () -> null), EVIL);
        assertRefused("lower case");
    }

    @Test
    void theNameOfAFallbackIsRefused() {
        registry.addPolicy(new Plugins.Factory("SAFE_FIFO"), EVIL);
        assertRefused("SAFE_FIFO");
        assertThat(registry.policy("SAFE_FIFO").orElseThrow().bundle()).isNull();
    }

    @Test
    void aMissingAnswerToTheAnalysisIsRefused() {
        registry.addPolicy(
                new SchedulingPolicyFactory() {
                    @Override
                    public PolicyDescriptor descriptor() {
                        return Plugins.describe("MINE");
                    }

                    @Override
                    public Policy create(PolicyContext context, Options options) {
                        return null;
                    }

                    @Override
                    public java.util.Optional<
                                    org.spicetime.runtime.api.scheduler.SchedulabilityTest>
                            schedulabilityTest() {
                        return null;
                    }
                },
                EVIL);
        assertRefused("schedulabilityTest");
    }

    @Test
    void aDescriptorThatNeverReturnsIsLeftBehind() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        boolean added =
                impatient.addPolicy(
                        factory(
                                () -> {
                                    awaitStubbornly(release);
                                    ended.countDown();
                                    return Plugins.describe("LATE");
                                },
                                () -> null),
                        EVIL);
        assertThat(added).isFalse();
        assertThat(impatient.problems().getFirst().message()).contains("did not return");
        release.countDown();
        ended.await();
        assertThat(impatient.policy("LATE")).isEmpty();
    }

    private static void awaitStubbornly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException ignoredOnPurpose) {
                Thread.onSpinWait();
            }
        }
    }

    private RefusedException refusalOf(PluginRegistry in, Supplier<@Nullable Policy> policy) {
        in.addPolicy(factory(() -> Plugins.describe("EVIL"), policy), EVIL);
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> in.policy("EVIL").orElseThrow().create(Plugins.CONTEXT, Map.of()));
        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.SCHEDULER_ERROR);
        assertThat(refused.details())
                .containsEntry("bundle", "evil.bundle")
                .containsEntry("bundleVersion", "6.6.6")
                .containsEntry("reason", "PLUGIN_FAILED");
        return refused;
    }

    @ParameterizedTest
    @MethodSource("everythingThrowable")
    void aFactoryThatThrowsRefusesTheRequest(Throwable throwable) {
        assertThat(refusalOf(registry, failing(throwable)))
                .hasMessageContaining("evil.bundle 6.6.6")
                .hasMessageContaining(throwable.getClass().getSimpleName());
        assertOthersWork();
    }

    @Test
    void aFactoryThatAnswersNullRefusesTheRequest() {
        assertThat(refusalOf(registry, () -> null)).hasMessageContaining("null");
    }

    @Test
    void aFactoryThatNeverReturnsRefusesTheRequest() {
        CountDownLatch release = new CountDownLatch(1);
        try {
            assertThat(
                            refusalOf(
                                    impatient,
                                    () -> {
                                        awaitStubbornly(release);
                                        return null;
                                    }))
                    .hasMessageContaining("did not return");
        } finally {
            release.countDown();
        }
    }

    @Test
    void anAllocatorThatThrowsRefusesTheRequest() {
        StrategyDescriptor descriptor =
                new StrategyDescriptor(
                        "EVIL",
                        "1",
                        "Evil.",
                        false,
                        16,
                        1 << 20,
                        1 << 20,
                        false,
                        org.spicetime.runtime.api.memory.Concurrency.SINGLE,
                        List.of());
        registry.addAllocator(
                new AllocationStrategyFactory() {
                    @Override
                    public StrategyDescriptor descriptor() {
                        return descriptor;
                    }

                    @Override
                    public AllocationStrategy create(Geometry geometry, Options options) {
                        throw new IllegalStateException("bad");
                    }
                },
                EVIL);
        AllocatorPlugin plugin = registry.allocator("EVIL").orElseThrow();
        assertThat(
                        catchThrowableOfType(
                                RefusedException.class,
                                () -> plugin.create(new Geometry(16, 1 << 20, 1 << 20), Map.of())))
                .hasMessageContaining("memory.allocationType")
                .hasMessageContaining("evil.bundle");
        assertThat(
                        catchThrowableOfType(
                                RefusedException.class,
                                () -> plugin.create(new Geometry(16, 4 << 20, 1 << 20), Map.of())))
                .hasMessageContaining("memory.poolSize");
    }

    record Loop(List<Loop> loops) {}

    record BadDefault(@PayloadField(value = "n", defaultJson = "\"x\"") int n) {}

    record Fine(@PayloadField(value = "n", defaultJson = "1") int n) {}

    private static <P extends Record> TaskHandler<P, Fine> handler(
            Supplier<@Nullable HandlerDescriptor<P, Fine>> descriptor) {
        return new TaskHandler<>() {
            @Override
            public HandlerDescriptor<P, Fine> descriptor() {
                return descriptor.get();
            }

            @Override
            public Fine run(P payload, TaskContext context) {
                return null;
            }
        };
    }

    private static <P extends Record> HandlerDescriptor<P, Fine> describe(
            String name, Class<P> payload) {
        return new HandlerDescriptor<>(name, "1", "Evil.", payload, Fine.class, Set.of());
    }

    static Stream<TaskHandler<?, ?>> hostileHandlers() {
        return Stream.of(
                handler(() -> null),
                handler(HostilePluginTest.<HandlerDescriptor<Fine, Fine>>failing(new Error("x"))),
                handler(() -> describe("UPPER", Fine.class)),
                handler(() -> describe("loop", Loop.class)),
                handler(() -> describe("bad.default", BadDefault.class)),
                handler(() -> describe("no.record", Record.class)));
    }

    @ParameterizedTest
    @MethodSource("hostileHandlers")
    void aHandlerThatDescribesItselfBadlyIsRefused(TaskHandler<?, ?> evil) {
        assertThat(registry.addHandler(evil, EVIL)).isFalse();
        assertThat(registry.handlerNames()).isEmpty();
        assertThat(registry.problems()).hasSize(1);
        assertThat(registry.addHandler(new Plugins.Greeter("greet"), GOOD)).isTrue();
    }

    @Test
    void aHandlerThatAnswersNullHasNoResult() throws Exception {
        registry.addHandler(handler(() -> describe("nothing", Fine.class)), EVIL);
        assertThat(registry.handler("nothing").orElseThrow().invoke(null, Contexts.none()))
                .isNull();
    }
}
