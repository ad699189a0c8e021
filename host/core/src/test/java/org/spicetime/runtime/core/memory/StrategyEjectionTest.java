// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.memory.Pools.MIB;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.core.memory.Strategies.Passing;

/** Hostile strategies on real memory: what tasks wrote is still there. */
final class StrategyEjectionTest {
    private record Heard(
            EjectionReason reason, String message, Map<String, Object> report, Duration time) {}

    private static final AtomicBoolean HOSTILE = new AtomicBoolean();

    private final List<Heard> heard = new ArrayList<>();
    private final DomainPool pool = Pools.open(8 * MIB, this::hear);
    private final TaskArena arena = pool.openArena(Pools.task());

    private void hear(
            EjectionReason reason, String message, Map<String, Object> report, Duration time) {
        // A listener may call the pool, since its lock was released.
        assertThat(pool.activeStrategy()).isEqualTo("FIRST_FIT");
        heard.add(new Heard(reason, message, report, time));
    }

    @AfterEach
    void closeThePool() {
        HOSTILE.set(false);
        arena.reclaim();
        pool.close();
    }

    static Stream<Arguments> hostileStrategies() {
        return Stream.of(
                hostile(
                        "overlap",
                        honest ->
                                new Passing(honest) {
                                    @Override
                                    public long offset(long id) {
                                        return HOSTILE.get() ? 4096 : super.offset(id);
                                    }
                                }),
                hostile(
                        "misaligned",
                        honest ->
                                new Passing(honest) {
                                    @Override
                                    public long offset(long id) {
                                        return super.offset(id) + (HOSTILE.get() ? 8 : 0);
                                    }
                                }),
                hostile(
                        "outside",
                        honest ->
                                new Passing(honest) {
                                    @Override
                                    public long offset(long id) {
                                        return super.offset(id) + (HOSTILE.get() ? 1L << 40 : 0);
                                    }
                                }),
                hostile(
                        "negative",
                        honest ->
                                new Passing(honest) {
                                    @Override
                                    public long offset(long id) {
                                        return HOSTILE.get() ? Long.MIN_VALUE : super.offset(id);
                                    }
                                }),
                hostile(
                        "endless size",
                        honest ->
                                new Passing(honest) {
                                    @Override
                                    public long size(long id) {
                                        return HOSTILE.get() ? Long.MAX_VALUE - 15 : super.size(id);
                                    }
                                }),
                hostile(
                        "throws",
                        honest ->
                                new Passing(honest) {
                                    @Override
                                    public long allocate(long size, long align, int hint) {
                                        if (HOSTILE.get()) {
                                            throw new OutOfMemoryError("made up");
                                        }
                                        return super.allocate(size, align, hint);
                                    }
                                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileStrategies")
    void itIsEjectedAndLiveBlocksKeepTheirContent(
            String name, UnaryOperator<AllocationStrategy> hostile) {
        pool.useStrategy(Strategies.wrapping(hostile));
        List<MemorySegment> before = fill(500, 1);
        HOSTILE.set(true);
        List<MemorySegment> after = fill(500, 101);
        assertThat(heard).as(name).hasSize(1);
        assertThat(heard.getFirst().reason())
                .isIn(
                        EjectionReason.INVALID_RESULT,
                        EjectionReason.EXCEPTION,
                        EjectionReason.RESOURCE_ABUSE);
        assertThat(heard.getFirst().report())
                .containsEntry("strategy", "ACME_TEST")
                .containsEntry("version", "1.2.3")
                .containsEntry("bundle", "com.acme.memory");
        assertThat(heard.getFirst().time()).isPositive();
        assertThat(pool.activeStrategy()).isEqualTo("FIRST_FIT");
        assertContent(before, 1);
        assertContent(after, 101);
        assertThat(arena.reclaim().blocks()).isEqualTo(1000);
        assertThat(pool.metrics().used()).isZero();
        assertThat(pool.metrics().largestFree()).isEqualTo(8 * MIB);
    }

    @Test
    void aBundleThatGoesAwayLeavesItsBlocksAndComesBack() {
        pool.useStrategy(Strategies.another());
        List<MemorySegment> before = fill(500, 1);
        pool.fallBack(EjectionReason.BUNDLE_GONE, "bundle com.acme.memory was stopped");
        assertThat(heard).hasSize(1);
        assertThat(heard.getFirst().reason()).isEqualTo(EjectionReason.BUNDLE_GONE);
        List<MemorySegment> between = fill(500, 51);
        pool.useStrategy(Strategies.another());
        assertThat(pool.activeStrategy()).isEqualTo("ACME_TEST");
        List<MemorySegment> after = fill(500, 101);
        assertContent(before, 1);
        assertContent(between, 51);
        assertContent(after, 101);
        arena.reclaim();
        assertThat(pool.metrics().used()).isZero();
        assertThat(heard).hasSize(1);
    }

    @Test
    void aStrategyThatLosesABlockIsFoundByACollectionThatMayTakeLonger() {
        pool.useStrategy(
                Strategies.wrapping(honest ->
                        new Passing(honest) {
                            @Override
                            public void forEachBlock(BlockVisitor visitor) {
                                if (!HOSTILE.get()) {
                                    super.forEachBlock(visitor);
                                }
                            }
                        }));
        List<MemorySegment> before = fill(100, 1);
        pool.collect(true);
        assertThat(heard).isEmpty();
        HOSTILE.set(true);
        pool.collect(true);
        assertThat(heard).extracting(Heard::reason).containsExactly(EjectionReason.LOST);
        assertContent(before, 1);
    }

    private static Arguments hostile(String name, UnaryOperator<AllocationStrategy> strategy) {
        return Arguments.of(name, strategy);
    }

    private List<MemorySegment> fill(int count, int first) {
        List<MemorySegment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MemorySegment segment = arena.allocate(1 + i % 2000, 16);
            segment.fill((byte) (first + i % 50));
            segments.add(segment);
        }
        return segments;
    }

    private static void assertContent(List<MemorySegment> segments, int first) {
        for (int i = 0; i < segments.size(); i++) {
            assertThat(segments.get(i).toArray(JAVA_BYTE)).containsOnly(first + i % 50);
        }
    }
}
