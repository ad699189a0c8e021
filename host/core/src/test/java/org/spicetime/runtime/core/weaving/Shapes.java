// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** Loops of many shapes, each a function of a number. */
public class Shapes implements LongUnaryOperator {
    static final int COUNT = 28;

    private static final int[] TABLE = new int[300];
    private static final int INITIAL;

    static {
        for (int i = 0; i < TABLE.length; i++) {
            TABLE[i] = i * 7;
        }
        int sum = 0;
        for (int i = 0; i < 100_000; i++) {
            sum += i & 3;
        }
        INITIAL = sum;
    }

    private int size = 40_000;

    @Override
    public long applyAsLong(long shape) {
        return switch ((int) shape) {
            case 0 -> up(50_000);
            case 1 -> upInclusive(50_000);
            case 2 -> down(50_000);
            case 3 -> downInclusive(50_000);
            case 4 -> overArray(new int[30_000]);
            case 5 -> wide(60_000L);
            case 6 -> wideDown(60_000L);
            case 7 -> wideOfInt(60_000);
            case 8 -> steps(100_000);
            case 9 -> nested(300);
            case 10 -> withContinueAndBreak(60_000);
            case 11 -> doWhile(50_000);
            case 12 -> collatz(300);
            case 13 -> constant();
            case 14 -> near();
            case 15 -> fib(18);
            case 16 -> even(500) ? 1 : 0;
            case 17 -> collections(20_000);
            case 18 -> field();
            case 19 -> caught(3_000);
            case 20 -> synchronizedLoop(30_000);
            case 21 -> switched(20_000);
            case 22 -> labelled(300);
            case 23 -> tail(200);
            case 24 -> doubles(new double[20_000]);
            case 25 -> modifiedLimit(20_000);
            case 26 -> wideInclusive(30_000L);
            case 27 -> fromMinimum();
            default -> throw new IllegalArgumentException("shape " + shape);
        };
    }

    private static long up(int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) sum += i ^ (sum >> 3);
        sum += INITIAL;
        return sum;
    }

    private static long upInclusive(int n) {
        long sum = 0;
        for (int i = -3; i <= n; i += 3) sum = sum * 31 + i;
        return sum;
    }

    private static long down(int n) {
        long sum = 0;
        for (int i = n; i > 5; i--) sum = sum * 31 + i;
        return sum;
    }

    private static long downInclusive(int n) {
        long sum = 0;
        for (int i = n; i >= 0; i -= 2) sum = sum * 31 + i;
        return sum;
    }

    private static long overArray(int[] a) {
        for (int i = 0; i < a.length; i++) a[i] = i * 3;
        long sum = 0;
        for (int one : a) sum = sum * 17 + one;
        return sum;
    }

    private static long wide(long n) {
        long sum = 0;
        for (long i = 0; i < n; i++) sum = sum * 31 + i;
        return sum;
    }

    private static long wideDown(long n) {
        long sum = 0;
        for (long i = n; i > 0; i -= 2) sum = sum * 31 + i;
        return sum;
    }

    private static long wideInclusive(long n) {
        long sum = 0;
        for (long i = 0; i <= n; i++) sum = sum * 31 + i;
        return sum;
    }

    private static long wideOfInt(int n) {
        long sum = 0;
        for (long i = 0; i < n; i++) sum = sum * 31 + i;
        return sum;
    }

    private static long steps(int n) {
        long sum = 0;
        for (int i = 1; i < n; i += 64) sum = sum * 31 + i;
        return sum;
    }

    private static long nested(int n) {
        int h = 17;
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) h = h * 31 + (i ^ j);
        return h;
    }

    private static long withContinueAndBreak(int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            if ((i & 3) == 0) continue;
            if (i > 55_000) break;
            sum = sum * 31 + i;
        }
        return sum;
    }

    private static long doWhile(int n) {
        long sum = 0;
        int i = 0;
        do {
            sum = sum * 31 + i;
            i++;
        } while (i < n);
        return sum;
    }

    private static long collatz(int n) {
        long turns = 0;
        for (int i = 1; i < n; i++) {
            long x = i;
            while (x != 1) {
                x = (x & 1) == 0 ? x >> 1 : 3 * x + 1;
                turns++;
            }
        }
        return turns;
    }

    private static long constant() {
        long sum = 0;
        for (int i = 0; i < TABLE.length && i < 300; i++) sum += TABLE[i];
        for (int i = 0; i < 300; i++) sum = sum * 31 + i;
        return sum;
    }

    private static long near() {
        long sum = 0;
        for (int i = Integer.MAX_VALUE - 20_000; i < Integer.MAX_VALUE; i++) sum = sum * 31 + i;
        int last = Integer.MAX_VALUE - 1;
        for (int i = Integer.MAX_VALUE - 20_000; i <= last; i++) sum = sum * 31 + i;
        int first = Integer.MIN_VALUE + 1;
        for (int i = Integer.MIN_VALUE + 20_000; i >= first; i--) sum = sum * 31 + i;
        return sum;
    }

    private static long fromMinimum() {
        long sum = 0;
        int low = Integer.MIN_VALUE;
        for (int i = low; i < Integer.MAX_VALUE - 100_000; i += 64) {
            if (i > low + 5_000_000) break;
            sum = sum * 31 + i;
        }
        return sum;
    }

    private static long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    private static boolean even(int n) {
        return n == 0 || odd(n - 1);
    }

    private static boolean odd(int n) {
        return n != 0 && even(n - 1);
    }

    private static long collections(int n) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < n; i++) all.add(i * 3);
        long sum = 0;
        for (int one : all) sum = sum * 31 + one;
        return sum + all.stream().mapToLong(x -> x).sum();
    }

    private long field() {
        long sum = 0;
        for (int i = 0; i < size; i++) sum = sum * 31 + i;
        for (int i = 0; i < size; i++) {
            sum++;
            size--;
        }
        size = 40_000;
        return sum;
    }

    private static long caught(int n) {
        long sum = 0;
        int i = 0;
        while (i < n) {
            try {
                i++;
                if (i % 3 == 0) throw new IllegalStateException();
                sum += i;
            } catch (IllegalStateException e) {
                sum *= 31;
            } finally {
                sum++;
            }
        }
        return sum;
    }

    private long synchronizedLoop(int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            synchronized (this) {
                sum = sum * 31 + i;
            }
        }
        synchronized (this) {
            for (int i = 0; i < n; i++) sum = sum * 31 + i;
        }
        return sum;
    }

    @SuppressWarnings("StatementSwitchToExpressionSwitch") // the old form jumps backwards
    private static long switched(int n) {
        long sum = 0;
        int state = 0;
        int left = n;
        while (true) {
            switch (state) {
                case 0:
                    state = 1;
                    break;
                case 1:
                    sum = sum * 31 + left;
                    state = left-- == 0 ? 2 : 0;
                    continue;
                default:
                    return sum;
            }
        }
    }

    private static long labelled(int n) {
        long sum = 0;
        outer:
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (j == i) continue outer;
                if (sum % 1_000_003 == 1_000_002) break outer;
                sum = sum * 31 + j;
            }
        }
        return sum;
    }

    /** The inner loop leaves by jumping back to the outer one. */
    private static long tail(int n) {
        long sum = 0;
        int left = n;
        while (left-- > 0) {
            for (int i = 0; i < n; i++) sum = sum * 31 + i;
        }
        return sum;
    }

    private static long doubles(double[] a) {
        double sum = 0;
        for (int i = a.length - 1; i >= 0; i--) a[i] = i / 3.0;
        for (double one : a) sum += Math.sqrt(one);
        return Double.doubleToLongBits(sum);
    }

    private static long modifiedLimit(int n) {
        int limit = n;
        long sum = 0;
        for (int i = 0; i < limit; i++) {
            sum = sum * 31 + i;
            if ((i & 7) == 0) limit--;
        }
        return sum;
    }
}
