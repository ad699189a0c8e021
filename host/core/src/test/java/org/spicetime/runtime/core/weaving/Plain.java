// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.util.List;
import java.util.stream.IntStream;

/** Code of all shapes, to be woven. */
@SuppressWarnings({"InfiniteLoopStatement", "InfiniteRecursion"}) // that is what is tested
public final class Plain {
    private Plain() {}

    record Point(int x, int y) {}

    sealed interface Shape permits Circle, Square {}

    record Circle(Point centre, int radius) implements Shape {}

    record Square(Point corner, int side) implements Shape {
        Square {
            for (int i = 0; i < side; i++) {
                if (i > 1_000) {
                    throw new IllegalArgumentException("too large");
                }
            }
        }
    }

    enum Colour {
        RED,
        GREEN;

        static final int SUM = IntStream.range(0, values().length).map(i -> i + 1).sum();
    }

    interface Summing {
        default int sum(int most) {
            int sum = 0;
            for (int i = 0; i < most; i++) {
                sum += i;
            }
            return sum;
        }
    }

    static class Base implements Summing {
        final int seed;

        Base(int seed) {
            this.seed = seed;
        }
    }

    static final class Derived extends Base {
        private final int[] values;

        Derived(int count) {
            super(count > 3 ? count : IntStream.range(0, count).sum());
            values = new int[count];
            for (int i = 0; i < count; i++) {
                values[i] = i * i;
            }
        }
    }

    /** Goes through all of it; always the same answer. */
    public static String everything() {
        long words = 0;
        double fraction = 0;
        outer:
        for (int i = 0; ; i++) {
            switch (i % 3) {
                case 1 -> words++;
                case 2 -> {
                    fraction += 0.5;
                    continue;
                }
                default -> {
                    if (i > 10) {
                        break outer;
                    }
                }
            }
        }
        Object lock = new Object();
        try {
            synchronized (lock) {
                do {
                    words += 3;
                } while (words < 100);
            }
            throw new IllegalStateException("thrown");
        } catch (IllegalStateException e) {
            words += e.toString().length();
        } finally {
            fraction += 1;
        }
        Derived derived = new Derived(5);
        return List.of(new Circle(new Point(1, 2), 3), new Square(new Point(4, 5), 6)).stream()
                        .map(Plain::text)
                        .toList()
                + " "
                + words
                + " "
                + fraction
                + " "
                + Colour.SUM
                + " "
                + derived.sum(10)
                + derived.seed
                + derived.values[4];
    }

    private static String text(Shape shape) {
        return switch (shape) {
            case Circle(Point(int x, int y), int radius) when radius > 2 -> "circle " + (x + y);
            case Circle circle -> circle.toString();
            case Square square -> "square " + square.side();
        };
    }

    /** Spins and catches whatever comes. */
    public static void spinStubbornly() {
        long count = 0;
        while (true) {
            try {
                while (true) {
                    count++;
                    if (count == Long.MIN_VALUE) {
                        break;
                    }
                }
            } catch (Throwable swallowed) {
                count = 0;
            }
        }
    }

    /** Spins without a body. */
    public static void spinEmptily() {
        for (; ; ) {}
    }

    /** Calls itself again whenever it fails. */
    public static int recurse(int depth) {
        try {
            return recurse(depth + 1);
        } catch (StackOverflowError tooDeep) {
            return depth;
        } finally {
            spinEmptily();
        }
    }

    /** Sleeps, and spins when it is woken. */
    public static void sleepThenSpin() {
        try {
            while (true) {
                Thread.sleep(1_000_000);
            }
        } catch (InterruptedException e) {
            spinStubbornly();
        }
    }
}
