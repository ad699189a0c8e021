// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.testkit.memory.BlockModel.Block;

/**
 * Operations on a strategy, each checked against the model at once. Called by one thread at a time.
 */
final class Trace {
    private final AllocationStrategy strategy;
    private final Geometry geometry;
    private final BlockModel model;
    private final boolean movable;

    Trace(AllocationStrategy strategy, Geometry geometry, boolean movable) {
        this.strategy = strategy;
        this.geometry = geometry;
        this.model = new BlockModel(geometry);
        this.movable = movable;
    }

    BlockModel model() {
        return model;
    }

    void addAllZones() {
        for (long at = 0; at < geometry.poolBytes(); at += geometry.zoneBytes()) {
            addZone(at);
        }
    }

    void addZone(long offset) {
        strategy.addZone(offset, geometry.zoneBytes());
        model.zoneAdded(offset, geometry.zoneBytes());
    }

    /** Asks for a zone back; the answer must be what the model says. */
    boolean dropZone(long offset) {
        boolean touched = model.touched(offset);
        boolean dropped = strategy.dropZone(offset);
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
        long id = strategy.allocate(size, align, hint);
        if (id < 0) {
            Optional<AllocationFailure> failure = AllocationFailure.of(id);
            long free = strategy.stats().freeBytes();
            if (failure.equals(Optional.of(AllocationFailure.FRAGMENTED))) {
                assertThat(free).as("free bytes when FRAGMENTED").isGreaterThanOrEqualTo(size);
            } else if (failure.equals(Optional.of(AllocationFailure.NO_SPACE))) {
                long rounded = (size + geometry.granuleBytes() - 1) & -geometry.granuleBytes();
                assertThat(free).as("free bytes when NO_SPACE").isLessThan(rounded);
            }
            return Optional.empty();
        }
        model.allocated(new Block(id, strategy.offset(id), strategy.size(id), size, align));
        return Optional.of(id);
    }

    void release(long id) {
        strategy.release(id);
        model.released(id);
    }

    void releaseAll(RandomGenerator random) {
        while (model.count() > 0) {
            release(model.block(random.nextInt(model.count())).id());
        }
    }

    void resize(Block block, long newSize) {
        if (strategy.resizeInPlace(block.id(), newSize)) {
            assertThat(strategy.offset(block.id()))
                    .as("resized in place")
                    .isEqualTo(block.offset());
            model.changed(
                    new Block(
                            block.id(),
                            block.offset(),
                            strategy.size(block.id()),
                            newSize,
                            block.align()));
        } else {
            assertThat(strategy.size(block.id())).as("not resized").isEqualTo(block.size());
        }
    }

    /** Lets the strategy plan moves; every other one is refused, as if the block were pinned. */
    void planMoves(long byteBudget) {
        long[] proposed = {0};
        strategy.planMoves(
                (id, from, to) -> {
                    assertThat(movable)
                            .as("moves are planned only if the descriptor says so")
                            .isTrue();
                    if (proposed[0]++ % 2 == 1) {
                        return false;
                    }
                    Block before = find(id);
                    assertThat(from)
                            .as("present offset of block %d", id)
                            .isEqualTo(before.offset());
                    model.changed(
                            new Block(id, to, before.size(), before.requested(), before.align()));
                    return true;
                },
                byteBudget);
        if (proposed[0] > 0) {
            model.compare(strategy);
        }
    }

    /** One operation by chance; sizes are spread evenly over the powers of two. */
    void step(RandomGenerator random) {
        int choice = random.nextInt(100);
        if (choice < 52) {
            allocate(size(random), align(random), random.nextInt(4));
        } else if (choice < 96) {
            if (model.count() > 0) {
                release(model.block(random.nextInt(model.count())).id());
            }
        } else if (choice < 98) {
            if (model.count() > 0) {
                resize(model.block(random.nextInt(model.count())), size(random));
            }
        } else if (choice < 99) {
            planMoves(1 + random.nextLong(geometry.zoneBytes()));
        } else {
            model.compareStats(strategy.stats());
        }
    }

    private long size(RandomGenerator random) {
        int most = Long.SIZE - Long.numberOfLeadingZeros(geometry.zoneBytes() * 2);
        return 1 + random.nextLong(1L << random.nextInt(1, most));
    }

    private long align(RandomGenerator random) {
        if (random.nextInt(4) > 0) {
            return geometry.granuleBytes();
        }
        int least = Long.numberOfTrailingZeros(geometry.granuleBytes());
        int most = Long.numberOfTrailingZeros(geometry.zoneBytes());
        return 1L << random.nextInt(least, most + 1);
    }

    private Block find(long id) {
        for (int i = 0; i < model.count(); i++) {
            if (model.block(i).id() == id) {
                return model.block(i);
            }
        }
        throw new AssertionError("a move of block " + id + " was planned, which does not live");
    }
}
