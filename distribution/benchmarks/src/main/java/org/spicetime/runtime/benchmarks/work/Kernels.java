// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.work;

import java.util.List;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Small computations of the kinds that programs spend their time in. Calling one by its number
 * computes it once and answers something of its result. Used by one thread.
 */
public final class Kernels implements IntToLongFunction {

    /** What they are called. */
    public static final List<String> NAMES =
            List.of(
                    "sum of ints",
                    "sum of longs",
                    "c = a + 3 b",
                    "matrix product, ikj",
                    "matrix product, ijk",
                    "nested loops",
                    "text building",
                    "SHA-256",
                    "linked list",
                    "Fibonacci",
                    "Collatz");

    /** The number of the one that is recursive. */
    public static final int RECURSIVE = 9;

    private static final int LENGTH = 20_000;
    private static final int ORDER = 96;

    private static final class Link {
        final int value;
        final @Nullable Link next;

        Link(int value, @Nullable Link next) {
            this.value = value;
            this.next = next;
        }
    }

    private static final int[] ROUND_KEYS = new int[64];

    static {
        for (int i = 0; i < ROUND_KEYS.length; i++) {
            ROUND_KEYS[i] = i * 0x9e3779b9;
        }
    }

    private final int[] a = new int[LENGTH];
    private final int[] b = new int[LENGTH];
    private final int[] c = new int[LENGTH];
    private final double[][] left = new double[ORDER][ORDER];
    private final double[][] right = new double[ORDER][ORDER];
    private final double[][] product = new double[ORDER][ORDER];
    private final byte[] text = new byte[32 * 1024];
    private final int[] schedule = new int[64];
    private final @Nullable Link list;

    public Kernels() {
        for (int i = 0; i < LENGTH; i++) {
            a[i] = i * 7;
            b[i] = i;
        }
        for (int i = 0; i < ORDER; i++) {
            for (int j = 0; j < ORDER; j++) {
                left[i][j] = i + j;
                right[i][j] = i - j;
            }
        }
        Link first = null;
        for (int i = 0; i < 5_000; i++) {
            first = new Link(i, first);
        }
        list = first;
    }

    @Override
    public long applyAsLong(int number) {
        return switch (number) {
            case 0 -> sumOfInts(a);
            case 1 -> sumOfLongs(a);
            case 2 -> triad(a, b, c);
            case 3 -> byRows(left, right, product);
            case 4 -> byColumns(left, right, product);
            case 5 -> nested(200);
            case 6 -> building(2_000);
            case 7 -> digest(text, schedule);
            case 8 -> walk(list);
            case 9 -> fibonacci(20);
            case 10 -> collatz(500);
            default -> throw new IllegalArgumentException("there is no kernel " + number);
        };
    }

    private static long sumOfInts(int[] values) {
        int sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i];
        }
        return sum;
    }

    private static long sumOfLongs(int[] values) {
        long sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i];
        }
        return sum;
    }

    private static long triad(int[] a, int[] b, int[] c) {
        for (int i = 0; i < a.length; i++) {
            c[i] = a[i] + 3 * b[i];
        }
        return c[5];
    }

    private static long byRows(double[][] a, double[][] b, double[][] c) {
        int n = a.length;
        for (int i = 0; i < n; i++) {
            double[] row = c[i];
            for (int k = 0; k < n; k++) {
                double factor = a[i][k];
                double[] other = b[k];
                for (int j = 0; j < n; j++) {
                    row[j] += factor * other[j];
                }
            }
        }
        return (long) c[3][3];
    }

    private static long byColumns(double[][] a, double[][] b, double[][] c) {
        int n = a.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += a[i][k] * b[k][j];
                }
                c[i][j] = sum;
            }
        }
        return (long) c[3][3];
    }

    private static long nested(int n) {
        int hash = 17;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                hash = hash * 31 + (i ^ j);
            }
        }
        return hash;
    }

    private static long building(int n) {
        StringBuilder built = new StringBuilder();
        for (int i = 0; i < n; i++) {
            built.append("k").append(i).append('=');
        }
        return (long) built.length() + built.charAt(n);
    }

    private static long digest(byte[] message, int[] w) {
        int h0 = 1;
        int h1 = 2;
        int h2 = 3;
        int h3 = 4;
        int h4 = 5;
        int h5 = 6;
        int h6 = 7;
        int h7 = 8;
        for (int block = 0; block + 64 <= message.length; block += 64) {
            for (int t = 0; t < 16; t++) {
                int at = block + t * 4;
                w[t] =
                        (message[at] & 255) << 24
                                | (message[at + 1] & 255) << 16
                                | (message[at + 2] & 255) << 8
                                | message[at + 3] & 255;
            }
            for (int t = 16; t < 64; t++) {
                int x = w[t - 15];
                int y = w[t - 2];
                w[t] =
                        w[t - 16]
                                + (Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ x >>> 3)
                                + w[t - 7]
                                + (Integer.rotateRight(y, 17)
                                        ^ Integer.rotateRight(y, 19)
                                        ^ y >>> 10);
            }
            int va = h0;
            int vb = h1;
            int vc = h2;
            int vd = h3;
            int ve = h4;
            int vf = h5;
            int vg = h6;
            int vh = h7;
            for (int t = 0; t < 64; t++) {
                int s1 =
                        Integer.rotateRight(ve, 6)
                                ^ Integer.rotateRight(ve, 11)
                                ^ Integer.rotateRight(ve, 25);
                int t1 = vh + s1 + (ve & vf ^ ~ve & vg) + ROUND_KEYS[t] + w[t];
                int s0 =
                        Integer.rotateRight(va, 2)
                                ^ Integer.rotateRight(va, 13)
                                ^ Integer.rotateRight(va, 22);
                int t2 = s0 + (va & vb ^ va & vc ^ vb & vc);
                vh = vg;
                vg = vf;
                vf = ve;
                ve = vd + t1;
                vd = vc;
                vc = vb;
                vb = va;
                va = t1 + t2;
            }
            h0 += va;
            h1 += vb;
            h2 += vc;
            h3 += vd;
            h4 += ve;
            h5 += vf;
            h6 += vg;
            h7 += vh;
        }
        return h0 ^ h1 ^ h2 ^ h3 ^ h4 ^ h5 ^ h6 ^ h7;
    }

    private static long walk(@Nullable Link first) {
        int sum = 0;
        for (Link link = first; link != null; link = link.next) {
            sum += link.value;
        }
        return sum;
    }

    private static long fibonacci(int n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }

    private static long collatz(int n) {
        long turns = 0;
        for (int i = 1; i < n; i++) {
            long value = i;
            while (value != 1) {
                value = (value & 1) == 0 ? value >> 1 : 3 * value + 1;
                turns++;
            }
        }
        return turns;
    }
}
