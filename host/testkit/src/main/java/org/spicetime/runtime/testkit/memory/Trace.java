// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.MoveSink;
import org.spicetime.runtime.testkit.memory.BlockModel.Block;

/**
 * Operations on a strategy, each checked against the model at once, with a log of the last ones.
 * Called by one thread at a time.
 */
final class Trace {
    /** No block. */
    static final long NONE = -1;

    private static final int KEPT = 64;
    private static final int STEPS_PER_STATS = 32;

    private final AllocationStrategy strategy;
    private final Geometry geometry;
    private final BlockModel model;
    private final boolean movable;
    private final long largestBlock;
    private final String[] calls = new String[KEPT];
    private final long[] numbers = new long[3 * KEPT];
    private long count;

    /**
     * @param largestBlock the most bytes the strategy gives in one block
     */
    Trace(AllocationStrategy strategy, Geometry geometry, boolean movable, long largestBlock) {
        this.strategy = strategy;
        this.geometry = geometry;
        this.model = new BlockModel(geometry);
        this.movable = movable;
        this.largestBlock = largestBlock;
    }

    BlockModel model() {
        return model;
    }

    /** The last operations, oldest first, one a line. */
    String lastOperations() {
        StringBuilder text = new StringBuilder();
        for (long i = Math.max(0, count - KEPT); i < count; i++) {
            int at = (int) (i % KEPT);
            text.append(
                    "  %d: %s(%d, %d) = %d%n"
                            .formatted(
                                    i,
                                    calls[at],
                                    numbers[3 * at],
                                    numbers[3 * at + 1],
                                    numbers[3 * at + 2]));
        }
        return text.toString();
    }

    private long log(String call, long first, long second, long answer) {
        int at = (int) (count++ % KEPT);
        calls[at] = call;
        numbers[3 * at] = first;
        numbers[3 * at + 1] = second;
        numbers[3 * at + 2] = answer;
        return answer;
    }

    void addAllZones() {
        for (long at = 0; at < geometry.poolBytes(); at += geometry.zoneBytes()) {
            addZone(at);
        }
    }

    void addZone(long offset) {
        strategy.addZone(offset, geometry.zoneBytes());
        log("addZone", offset, geometry.zoneBytes(), 0);
        model.zoneAdded(offset, geometry.zoneBytes());
    }

    /** Asks for a zone back; the answer must be what the model says. */
    boolean dropZone(long offset) {
        boolean touched = model.touched(offset);
        boolean dropped = strategy.dropZone(offset);
        log("dropZone", offset, 0, dropped ? 1 : 0);
        if (touched) {
            assertThat(dropped).as("zone at %d with a live block is not dropped", offset).isFalse();
        } else {
            assertThat(dropped).as("zone at %d without a live block is dropped", offset).isTrue();
            model.zoneDropped(offset);
        }
        return dropped;
    }

    /** Id of a new block; empty: there is no room, as an honest failure says. */
    Optional<Long> allocate(long size, long align, int hint) {
        long id = tryAllocate(size, align, hint);
        return id == NONE ? Optional.empty() : Optional.of(id);
    }

    /** Id of a new block; or {@link #NONE}: there is no room, as an honest failure says. */
    long tryAllocate(long size, long align, int hint) {
        long id = log("allocate", size, align, strategy.allocate(size, align, hint));
        if (id < 0) {
            checkFailure(id, size);
            return NONE;
        }
        model.allocated(new Block(id, strategy.offset(id), strategy.size(id), size, align));
        return id;
    }

    private void checkFailure(long result, long size) {
        long granule = geometry.granuleBytes();
        switch (AllocationFailure.of(result).orElseThrow()) {
            case FRAGMENTED ->
                    assertThat(model.freeBytes())
                            .as("free bytes when %d are refused as FRAGMENTED", size)
                            .isGreaterThanOrEqualTo(size);
            case NO_SPACE ->
                    assertThat(model.freeBytes())
                            .as("free bytes when %d are refused as NO_SPACE", size)
                            .isLessThan((size + granule - 1) / granule * granule);
            case TOO_LARGE ->
                    assertThat(size).as("bytes refused as TOO_LARGE").isGreaterThan(largestBlock);
        }
    }

    void release(long id) {
        log("release", id, 0, 0);
        strategy.release(id);
        model.released(id);
    }

    void releaseAll(RandomGenerator random) {
        while (model.count() > 0) {
            release(model.block(random.nextInt(model.count())).id());
        }
    }

    void resize(Block block, long newSize) {
        boolean resized = strategy.resizeInPlace(block.id(), newSize);
        log("resizeInPlace", block.id(), newSize, resized ? 1 : 0);
        if (resized) {
            model.changed(
                    new Block(
                            block.id(),
                            strategy.offset(block.id()),
                            strategy.size(block.id()),
                            newSize,
                            block.align()));
            assertThat(model.live(block.id()).offset())
                    .as("offset of block %d after it was resized in place", block.id())
                    .isEqualTo(block.offset());
        } else {
            model.compare(strategy, block);
        }
    }

    /**
     * Lets the strategy plan moves and checks each before it is made, and all blocks afterwards.
     *
     * @param byteBudget of this step
     * @param pinned chance of a block to stay, 0 to 1
     * @return whether the strategy wants another step
     */
    boolean planMoves(long byteBudget, double pinned, RandomGenerator random) {
        return planMoves(new CheckedMoves(byteBudget, pinned, Integer.MAX_VALUE, random));
    }

    /** The same without pinned blocks; the time of the step is over after so many moves. */
    boolean planMovesFor(int moves, long byteBudget, RandomGenerator random) {
        return planMoves(new CheckedMoves(byteBudget, 0, moves, random));
    }

    private boolean planMoves(CheckedMoves moves) {
        boolean more = strategy.planMoves(moves, moves.byteBudget);
        log("planMoves", moves.byteBudget, moves.movedBytes, more ? 1 : 0);
        if (moves.proposed > 0) {
            model.compare(strategy);
        }
        return more;
    }

    /** Checks and makes the moves of one step. */
    private final class CheckedMoves implements MoveSink {
        private static final int MOST_AFTER_THE_END = 64;

        private final long byteBudget;
        private final double pinned;
        private final int most;
        private final RandomGenerator random;
        private long movedBytes;
        private int moved;
        private int proposed;
        private int tooLate;

        CheckedMoves(long byteBudget, double pinned, int most, RandomGenerator random) {
            this.byteBudget = byteBudget;
            this.pinned = pinned;
            this.most = most;
            this.random = random;
        }

        @Override
        public boolean over() {
            return moved >= most;
        }

        @Override
        public boolean move(long id, long from, long to) {
            proposed++;
            assertThat(movable).as("the descriptor says that moves are planned").isTrue();
            assertThat(movedBytes)
                    .as("bytes moved in this step when one more is proposed")
                    .isLessThan(byteBudget);
            Block block = model.live(id);
            assertThat(from).as("present offset of %s", block).isEqualTo(block.offset());
            if (over()) {
                assertThat(++tooLate)
                        .as("moves proposed after the time of the step was over")
                        .isLessThanOrEqualTo(MOST_AFTER_THE_END);
                return false;
            }
            boolean stays = random.nextDouble() < pinned;
            log(stays ? "move of a pinned block" : "move", id, to, stays ? 0 : 1);
            if (stays) {
                return false;
            }
            assertThat(to).as("new offset of %s", block).isNotEqualTo(from);
            model.changed(new Block(id, to, block.size(), block.requested(), block.align()));
            moved++;
            movedBytes += block.size();
            return true;
        }
    }

    /** One operation by chance; sizes are spread evenly over the powers of two. */
    void step(RandomGenerator random) {
        int choice = random.nextInt(1000);
        if (choice < 520) {
            tryAllocate(size(random), align(random), random.nextInt(4));
        } else if (choice < 975) {
            if (model.count() > 0) {
                release(model.block(random.nextInt(model.count())).id());
            }
        } else if (choice < 999) {
            if (model.count() > 0) {
                resize(model.block(random.nextInt(model.count())), size(random));
            }
        } else {
            planMoves(1 + random.nextLong(geometry.zoneBytes()), 0.5, random);
        }
        if (count % STEPS_PER_STATS == 0) {
            model.compareStats(strategy.stats());
        }
    }

    private long size(RandomGenerator random) {
        long most = Math.min(geometry.zoneBytes(), largestBlock) * 2;
        int powers = Long.SIZE - Long.numberOfLeadingZeros(most);
        return 1 + random.nextLong(1L << random.nextInt(1, powers));
    }

    private long align(RandomGenerator random) {
        if (random.nextInt(4) > 0) {
            return geometry.granuleBytes();
        }
        int least = Long.numberOfTrailingZeros(geometry.granuleBytes());
        int most = Long.numberOfTrailingZeros(geometry.zoneBytes());
        return 1L << random.nextInt(least, most + 1);
    }
}
