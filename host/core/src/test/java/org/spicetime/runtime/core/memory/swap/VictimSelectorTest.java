// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.domain.SwapPolicy;

class VictimSelectorTest {
    private static final class Blocks implements BlockView {
        final BitSet referenced = new BitSet();
        final Map<Integer, String> owners = new HashMap<>();
        final Map<String, Integer> priorities = new HashMap<>();

        @Override
        public boolean takeReference(int id) {
            boolean was = referenced.get(id);
            referenced.clear(id);
            return was;
        }

        @Override
        public String owner(int id) {
            return owners.getOrDefault(id, "someone");
        }

        @Override
        public int priority(int id) {
            return priorities.getOrDefault(owner(id), 0);
        }
    }

    private final Blocks blocks = new Blocks();

    private VictimSelector holding(SwapPolicy policy, int count) {
        VictimSelector selector = VictimSelector.of(policy, blocks);
        IntStream.range(0, count).forEach(selector::added);
        return selector;
    }

    private void pin(VictimSelector selector, int id) {
        blocks.referenced.set(id);
        if (selector.countsPins()) {
            selector.pinned(id);
        }
    }

    private static List<Integer> take(VictimSelector selector, int count) {
        return IntStream.range(0, count).mapToObj(i -> selector.next()).toList();
    }

    @Test
    void underFifoTheOldestGoesFirstHoweverItIsUsed() {
        VictimSelector fifo = holding(SwapPolicy.FIFO, 4);
        pin(fifo, 0);
        assertThat(take(fifo, 2)).containsExactly(0, 1);
        fifo.added(0);
        assertThat(take(fifo, 4)).containsExactly(2, 3, 0, VictimSelector.NONE);
    }

    @Test
    void underLruTheOneNotUsedForLongestGoesFirst() {
        VictimSelector lru = holding(SwapPolicy.LRU, 4);
        pin(lru, 0);
        pin(lru, 2);
        pin(lru, 0);
        assertThat(take(lru, 5)).containsExactly(1, 3, 2, 0, VictimSelector.NONE);
    }

    @Test
    void underLfuTheOneUsedLeastGoesFirstAndItsCountIsKeptWhileItIsAway() {
        VictimSelector lfu = holding(SwapPolicy.LFU, 4);
        for (int id : new int[] {0, 0, 0, 1, 2, 2}) {
            pin(lfu, id);
        }
        assertThat(take(lfu, 3)).containsExactly(3, 1, 2);
        lfu.added(1);
        lfu.added(2);
        lfu.ended(0);
        lfu.added(0);
        assertThat(take(lfu, 4)).containsExactly(0, 1, 2, VictimSelector.NONE);
    }

    @Test
    void underLfuWhatWasUsedOnceIsNotKeptForEver() {
        VictimSelector lfu = holding(SwapPolicy.LFU, 2);
        for (int i = 0; i < 200; i++) {
            pin(lfu, 0);
        }
        for (int i = 0; i < 20 * LeastFrequentlyUsed.AGE; i++) {
            pin(lfu, 1);
        }
        assertThat(lfu.next()).isZero();
    }

    @Test
    void underClockTheHandPassesOverWhatWasUsedSinceItCameBy() {
        VictimSelector clock = holding(SwapPolicy.CLOCK, 4);
        pin(clock, 0);
        pin(clock, 2);
        assertThat(take(clock, 2)).containsExactly(1, 3);
        pin(clock, 0);
        assertThat(take(clock, 3)).containsExactly(2, 0, VictimSelector.NONE);
    }

    @Test
    void underClockSomebodyGoesAlthoughAllAreUsed() {
        VictimSelector clock = holding(SwapPolicy.CLOCK, 3);
        IntStream.range(0, 3).forEach(id -> pin(clock, id));
        assertThat(take(clock, 4)).containsExactly(0, 1, 2, VictimSelector.NONE);
    }

    @Test
    void underClockTheHandStopsAlthoughPinsNeverDo() {
        BlockView busy =
                new BlockView() {
                    @Override
                    public boolean takeReference(int id) {
                        return true;
                    }

                    @Override
                    public Object owner(int id) {
                        return "someone";
                    }

                    @Override
                    public int priority(int id) {
                        return 0;
                    }
                };
        VictimSelector clock = VictimSelector.of(SwapPolicy.CLOCK, busy);
        IntStream.range(0, 3).forEach(clock::added);
        assertThat(clock.next()).isZero();
    }

    @Test
    void underPriorityTheColdestOfTheLeastUrgentTaskGoesFirst() {
        blocks.priorities.putAll(Map.of("low", 10, "high", 50));
        IntStream.range(0, 6).forEach(id -> blocks.owners.put(id, id < 3 ? "high" : "low"));
        VictimSelector selector = holding(SwapPolicy.PRIORITY, 6);
        pin(selector, 3);
        assertThat(take(selector, 2)).containsExactly(4, 5);
        blocks.priorities.put("low", 90);
        assertThat(take(selector, 5)).containsExactly(0, 1, 2, 3, VictimSelector.NONE);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void eachBlockIsSelectedOnceAndSparedOnesAreInTheOrderAgain(SwapPolicy policy) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("selector " + policy + ": seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        VictimSelector selector = VictimSelector.of(policy, blocks);
        Set<Integer> in = new HashSet<>();
        for (int step = 0; step < 20_000; step++) {
            int id = random.nextInt(100);
            int what = random.nextInt(10);
            if (what < 4 && !in.contains(id)) {
                selector.added(id);
                in.add(id);
            } else if (what == 4) {
                selector.ended(id);
                in.remove(id);
            } else if (what < 8) {
                pin(selector, id);
            } else {
                int victim = selector.next();
                if (in.isEmpty()) {
                    assertThat(victim).isEqualTo(VictimSelector.NONE);
                } else {
                    assertThat(in.remove(victim)).as("%d at step %d", victim, step).isTrue();
                    if (what == 8) {
                        selector.spared(victim);
                        in.add(victim);
                    }
                }
            }
        }
        List<Integer> rest = new ArrayList<>(take(selector, in.size()));
        assertThat(rest).containsExactlyInAnyOrderElementsOf(in);
        assertThat(selector.next()).isEqualTo(VictimSelector.NONE);
    }

    /* 8 hot blocks, four of them after each step of one pass over 100 others; room for 16. */
    private int hotBlocksLost(SwapPolicy policy) {
        VictimSelector selector = holding(policy, 8);
        Set<Integer> resident = new HashSet<>(IntStream.range(0, 8).boxed().toList());
        for (int round = 0; round < 4; round++) {
            IntStream.range(0, 8).forEach(id -> pin(selector, id));
        }
        int lost = 0;
        for (int cold = 8; cold < 108; cold++) {
            int hot = cold % 2 * 4;
            for (int id : new int[] {cold, hot, hot + 1, hot + 2, hot + 3}) {
                if (!resident.contains(id)) {
                    if (resident.size() == 16) {
                        int victim = selector.next();
                        resident.remove(victim);
                        lost += victim < 8 ? 1 : 0;
                    }
                    selector.added(id);
                    resident.add(id);
                }
                pin(selector, id);
            }
        }
        return lost;
    }

    @Test
    void aPassOverManyBlocksDrivesOutTheHotOnesUnderFifoOnly() {
        int fifo = hotBlocksLost(SwapPolicy.FIFO);
        assertThat(fifo).isGreaterThan(3 * 8);
        assertThat(hotBlocksLost(SwapPolicy.LFU)).isZero();
        assertThat(hotBlocksLost(SwapPolicy.LRU)).isZero();
        assertThat(hotBlocksLost(SwapPolicy.CLOCK)).isLessThanOrEqualTo(8);
        assertThat(hotBlocksLost(SwapPolicy.PRIORITY)).isLessThanOrEqualTo(8);
    }

    @Test
    void noneSelectsNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VictimSelector.of(SwapPolicy.NONE, blocks));
    }
}
