// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;

/**
 * The arithmetic of chunks, on variables of one type. The slot of the end first holds the distance
 * to the limit, then the end of the chunk. Used where it is made.
 */
abstract sealed class CountedSteps {

    final CodeBuilder code;
    final CountedLoop loop;
    final int end;

    private CountedSteps(CodeBuilder code, CountedLoop loop, int end) {
        this.code = code;
        this.loop = loop;
        this.end = end;
    }

    static CountedSteps of(CodeBuilder code, CountedLoop loop, int end) {
        return loop.wide() ? new Longs(code, loop, end) : new Ints(code, loop, end);
    }

    final CodeBuilder limit() {
        loop.limit().forEach(code::with);
        return code;
    }

    final void jumpIfOver(Label to) {
        variable();
        limit();
        jump(MethodWeaver.leaving(loop), to);
    }

    final void jumpUnlessOver(Label to) {
        variable();
        limit();
        jump(MethodWeaver.staying(loop), to);
    }

    final void jumpUnlessChunkOver(Label to) {
        variable();
        end();
        jump(MethodWeaver.staying(loop), to);
    }

    final void distance() {
        if (loop.up()) {
            limit();
            variable();
        } else {
            variable();
            limit();
        }
        subtract();
        setEnd();
    }

    final void ifDistanceNegative(Label to) {
        end();
        number(0);
        jump(Opcode.IF_ICMPLT, to);
    }

    final void ifDistanceAtMost(int most, Label to) {
        end();
        number(most);
        jump(Opcode.IF_ICMPLE, to);
    }

    final void distanceIs(int value) {
        number(value);
        setEnd();
    }

    final void endFromDistance() {
        variable();
        end();
        if (loop.up()) {
            add();
        } else {
            subtract();
        }
        setEnd();
    }

    final void ifEndNotNearOverflow(Label to) {
        end();
        if (loop.up()) {
            number(greatest() - CountedLoop.LONGEST_STEP);
            jump(Opcode.IF_ICMPLE, to);
        } else {
            number(least() + CountedLoop.LONGEST_STEP);
            jump(Opcode.IF_ICMPGE, to);
        }
    }

    final void endHere() {
        variable();
        setEnd();
    }

    abstract void variable();

    abstract void end();

    abstract void setEnd();

    abstract void add();

    abstract void subtract();

    abstract void number(long value);

    abstract long greatest();

    abstract long least();

    /** Compares the two numbers on the stack as the opcode for ints does. */
    abstract void jump(Opcode opcode, Label to);

    private static final class Ints extends CountedSteps {
        Ints(CodeBuilder code, CountedLoop loop, int end) {
            super(code, loop, end);
        }

        @Override
        void variable() {
            code.iload(loop.variable());
        }

        @Override
        void end() {
            code.iload(end);
        }

        @Override
        void setEnd() {
            code.istore(end);
        }

        @Override
        void add() {
            code.iadd();
        }

        @Override
        void subtract() {
            code.isub();
        }

        @Override
        void number(long value) {
            code.loadConstant((int) value);
        }

        @Override
        long greatest() {
            return Integer.MAX_VALUE;
        }

        @Override
        long least() {
            return Integer.MIN_VALUE;
        }

        @Override
        void jump(Opcode opcode, Label to) {
            code.branch(opcode, to);
        }
    }

    private static final class Longs extends CountedSteps {
        Longs(CodeBuilder code, CountedLoop loop, int end) {
            super(code, loop, end);
        }

        @Override
        void variable() {
            code.lload(loop.variable());
        }

        @Override
        void end() {
            code.lload(end);
        }

        @Override
        void setEnd() {
            code.lstore(end);
        }

        @Override
        void add() {
            code.ladd();
        }

        @Override
        void subtract() {
            code.lsub();
        }

        @Override
        void number(long value) {
            code.loadConstant(value);
        }

        @Override
        long greatest() {
            return Long.MAX_VALUE;
        }

        @Override
        long least() {
            return Long.MIN_VALUE;
        }

        @Override
        void jump(Opcode opcode, Label to) {
            code.lcmp();
            code.branch(
                    switch (opcode) {
                        case IF_ICMPGE -> Opcode.IFGE;
                        case IF_ICMPGT -> Opcode.IFGT;
                        case IF_ICMPLE -> Opcode.IFLE;
                        default -> Opcode.IFLT;
                    },
                    to);
        }
    }
}
