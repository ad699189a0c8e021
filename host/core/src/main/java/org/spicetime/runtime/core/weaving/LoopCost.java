// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.Set;

/**
 * Estimates what one turn of a loop takes when it is compiled, so that a chunk takes about two
 * microseconds. The weights are picoseconds measured on kernels of that kind. Stateless.
 */
final class LoopCost {

    private static final long CHUNK_PICOS = 2_000_000;
    private static final int LARGEST = 16_384;
    private static final int SMALLEST = 16;

    /** Turns of a loop around innermost ones, whose own chunks are so much smaller then. */
    private static final int OUTER = 8;

    private static final int INNER_PART = 4;

    private static final int STEP = 250;
    private static final int DIVISION = 6_000;
    private static final int CALL = 1_000;
    private static final int SLOW_CALL = 25_000;
    private static final int ALLOCATION = 20_000;

    /** A straight body over arrays is compiled to vector instructions as a rule. */
    private static final int LANES = 4;

    private static final Set<String> ARITHMETIC =
            Set.of(
                    "java/lang/Math",
                    "java/lang/StrictMath",
                    "java/lang/Integer",
                    "java/lang/Long",
                    "java/lang/Short",
                    "java/lang/Byte",
                    "java/lang/Character",
                    "java/lang/Float",
                    "java/lang/Double",
                    "java/util/Objects");

    private static final Set<String> QUICK =
            Set.of(
                    "abs",
                    "min",
                    "max",
                    "sum",
                    "fma",
                    "sqrt",
                    "floor",
                    "ceil",
                    "rint",
                    "clamp",
                    "addExact",
                    "subtractExact",
                    "multiplyExact",
                    "multiplyHigh",
                    "toIntExact",
                    "rotateLeft",
                    "rotateRight",
                    "bitCount",
                    "reverse",
                    "reverseBytes",
                    "numberOfLeadingZeros",
                    "numberOfTrailingZeros",
                    "highestOneBit",
                    "lowestOneBit",
                    "compare",
                    "compareUnsigned",
                    "toUnsignedInt",
                    "toUnsignedLong",
                    "signum",
                    "floatToRawIntBits",
                    "intBitsToFloat",
                    "doubleToRawLongBits",
                    "longBitsToDouble",
                    "isNaN",
                    "checkIndex",
                    "floorMod",
                    "floorDiv");

    private static final Set<String> SLOW =
            Set.of(
                    "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "exp", "expm1", "log",
                    "log10", "log1p", "pow", "cbrt", "hypot", "sinh", "cosh", "tanh");

    private LoopCost() {}

    /** How far a loop may go between two polls; 0: unknown, because it calls what may take long. */
    static int chunk(MethodBody body, int header, int back, int step, boolean outer) {
        long picos = 0;
        boolean arrays = false;
        boolean straight = true;
        int jumps = 0;
        for (int i = header; i < back; i++) {
            CodeElement element = body.elements.get(i);
            if (!(element instanceof Instruction)) {
                continue;
            }
            long cost = cost(element);
            if (cost < 0) {
                return 0;
            }
            picos += cost;
            arrays |=
                    element instanceof ArrayLoadInstruction
                            || element instanceof ArrayStoreInstruction;
            if (element instanceof BranchInstruction) {
                jumps++;
            }
            straight &= cost < SLOW_CALL && cost != DIVISION;
        }
        if (arrays && straight && jumps == 1) {
            picos /= LANES;
        }
        if (outer) {
            return OUTER * Integer.highestOneBit(step);
        }
        long turns = Math.max(SMALLEST, CHUNK_PICOS / Math.max(1, picos));
        return (int) Math.min(LARGEST, Long.highestOneBit(turns) * Integer.highestOneBit(step));
    }

    /** How far an innermost loop may go if the one around it goes on for several turns. */
    static int within(int chunk) {
        return Math.max(SMALLEST, chunk / INNER_PART);
    }

    private static long cost(CodeElement element) {
        return switch (element) {
            case LoadInstruction load -> 0;
            case StoreInstruction store -> 0;
            case OperatorInstruction operator ->
                    switch (operator.opcode()) {
                        case IDIV, IREM, LDIV, LREM, FDIV, DDIV, FREM, DREM -> DIVISION;
                        case IMUL, LMUL, FMUL, DMUL -> 3 * STEP;
                        default -> STEP;
                    };
            case InvokeInstruction call -> cost(call);
            case InvokeDynamicInstruction call -> -1;
            case MonitorInstruction monitor -> -1;
            case NewObjectInstruction created -> ALLOCATION;
            case NewPrimitiveArrayInstruction created -> -1;
            case NewReferenceArrayInstruction created -> -1;
            case NewMultiArrayInstruction created -> -1;
            case FieldInstruction field -> STEP;
            default -> STEP;
        };
    }

    private static long cost(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (ARITHMETIC.contains(owner)) {
            return QUICK.contains(name) ? CALL : SLOW.contains(name) ? SLOW_CALL : -1;
        }
        boolean access =
                owner.equals("java/lang/foreign/MemorySegment")
                        && (name.equals("get")
                                || name.equals("set")
                                || name.equals("getAtIndex")
                                || name.equals("setAtIndex"));
        boolean character =
                owner.equals("java/lang/String")
                        && (name.equals("charAt") || name.equals("length"));
        return access || character ? CALL : -1;
    }
}
