// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Recognises the loops that can be cut into chunks, as compilers write them: tested at the top,
 * stepped at one place. For one method.
 */
final class LoopMatcher {

    private final MethodBody body;
    private final Predicate<FieldInstruction> stable;

    /**
     * @param stable whether a field is of the class itself and not volatile, so that a loop without
     *     calls and without stores to it may read it once per chunk
     */
    LoopMatcher(MethodBody body, Predicate<FieldInstruction> stable) {
        this.body = body;
        this.stable = stable;
    }

    /** What a loop is, or why it cannot be cut into chunks. */
    record Match(@Nullable CountedLoop loop, String obstacle, OptionalLong turns) {
        static Match not(String obstacle) {
            return new Match(null, obstacle, OptionalLong.empty());
        }
    }

    /** The exit test of a loop. */
    private record Test(
            int variable,
            boolean wide,
            List<CodeElement> limit,
            OptionalLong constant,
            int compare,
            Opcode exit) {}

    /** Looks at the loop that this jump closes. */
    Match match(MethodBody.Jump jump) {
        int header = jump.to();
        int back = jump.from();
        if (!(body.at(back) instanceof BranchInstruction closing)
                || closing.opcode() != Opcode.GOTO && closing.opcode() != Opcode.GOTO_W) {
            return Match.not("it is tested at its end");
        }
        String entered = entries(header, back);
        if (entered != null) {
            return Match.not(entered);
        }
        Test test = test(header);
        if (test == null || test.compare >= back) {
            return Match.not("its test does not compare a variable with a limit");
        }
        BranchInstruction out = (BranchInstruction) body.elements.get(test.compare);
        int exit = body.position(out.target());
        if (exit >= header && exit <= back) {
            return Match.not("its test does not leave it");
        }
        OptionalInt step = step(test, header, back);
        if (step.isEmpty() || step.getAsInt() == 0) {
            return Match.not("its variable or limit changes at several places");
        }
        boolean up = step.getAsInt() > 0;
        boolean rising = test.exit == Opcode.IF_ICMPGE || test.exit == Opcode.IF_ICMPGT;
        if (up != rising) {
            return Match.not("its variable moves away from the limit");
        }
        boolean inclusive = test.exit == Opcode.IF_ICMPGT || test.exit == Opcode.IF_ICMPLT;
        if (!limitStays(test, header, back)) {
            return Match.not("its limit is a field that may change meanwhile");
        }
        boolean outer = isOuter(jump);
        int chunk = LoopCost.chunk(body, header, back, Math.abs(step.getAsInt()), outer);
        if (chunk == 0) {
            return Match.not("calls");
        }
        CountedLoop loop =
                new CountedLoop(
                        header,
                        test.compare,
                        back,
                        test.variable,
                        test.wide,
                        test.limit,
                        up,
                        inclusive,
                        inclusive && nearEnd(test, up),
                        out.target(),
                        exit < header,
                        chunk);
        return new Match(
                loop,
                "",
                outer ? OptionalLong.empty() : turns(test, step.getAsInt(), inclusive, header));
    }

    /** Whether there are loops within the loop that this jump closes. */
    boolean isOuter(MethodBody.Jump jump) {
        return body.jumps.stream()
                .anyMatch(other ->
                        other.backwards() && other.to() > jump.to() && other.from() < jump.from());
    }

    /** Why the loop can be entered elsewhere than at its top, or is too far out; null: neither. */
    private @Nullable String entries(int header, int back) {
        for (MethodBody.Jump other : body.jumps) {
            if (other.to() == header && other.from() != back) {
                return "several jumps lead to its beginning";
            }
            boolean inside = other.from() > header && other.from() < back;
            if (inside && other.backwards() && other.to() > header && isOuter(other)) {
                return "loops are nested in it more than once";
            }
            if (!inside && other.from() != back && other.to() > header && other.to() <= back) {
                return "it is entered at several places";
            }
        }
        for (MethodBody.Handler handler : body.handlers) {
            if (handler.at() == header
                    || handler.at() > header
                            && handler.at() <= back
                            && (handler.start() < header || handler.end() > back)) {
                return "it is entered by exceptions";
            }
        }
        StackMapFrameInfo frame = body.frameAt(header);
        if (frame == null) {
            return "its class is older than Java 6";
        }
        return frame.stack().isEmpty() ? null : "it is part of an expression";
    }

    private @Nullable Test test(int header) {
        int first = body.next(header);
        if (!(body.at(first) instanceof LoadInstruction variable)) {
            return null;
        }
        boolean wide = variable.typeKind() == TypeKind.LONG;
        if (!wide && variable.typeKind() != TypeKind.INT) {
            return null;
        }
        int second = body.next(first);
        if (!wide && body.at(second) instanceof BranchInstruction zero) {
            Opcode exit = ofZero(zero.opcode());
            return exit == null
                    ? null
                    : new Test(
                            variable.slot(), false, zeroLimit(), OptionalLong.of(0), second, exit);
        }
        List<CodeElement> limit = new ArrayList<>();
        int after = limit(second, wide, limit);
        if (after < 0) {
            return null;
        }
        if (wide) {
            if (!(body.at(after) instanceof OperatorInstruction operator)
                    || operator.opcode() != Opcode.LCMP) {
                return null;
            }
            after = body.next(after);
        }
        if (!(body.at(after) instanceof BranchInstruction out)) {
            return null;
        }
        Opcode exit = wide ? ofZero(out.opcode()) : ordered(out.opcode());
        if (exit == null) {
            return null;
        }
        OptionalLong constant =
                limit.size() == 1
                                && limit.getFirst() instanceof ConstantInstruction value
                                && value.constantValue() instanceof Number number
                        ? OptionalLong.of(number.longValue())
                        : OptionalLong.empty();
        return new Test(variable.slot(), wide, limit, constant, after, exit);
    }

    private static List<CodeElement> zeroLimit() {
        return List.of(ConstantInstruction.ofIntrinsic(Opcode.ICONST_0));
    }

    private static @Nullable Opcode ofZero(Opcode opcode) {
        return switch (opcode) {
            case IFGE -> Opcode.IF_ICMPGE;
            case IFGT -> Opcode.IF_ICMPGT;
            case IFLE -> Opcode.IF_ICMPLE;
            case IFLT -> Opcode.IF_ICMPLT;
            default -> null;
        };
    }

    private static @Nullable Opcode ordered(Opcode opcode) {
        return switch (opcode) {
            case IF_ICMPGE, IF_ICMPGT, IF_ICMPLE, IF_ICMPLT -> opcode;
            default -> null;
        };
    }

    /** Collects what loads the limit; the position after it, or -1. */
    private int limit(int from, boolean wide, List<CodeElement> found) {
        int at = from;
        CodeElement first = body.at(at);
        boolean narrow = true;
        switch (first) {
            case LoadInstruction load when load.typeKind() == TypeKind.INT -> found.add(first);
            case LoadInstruction load when wide && load.typeKind() == TypeKind.LONG -> {
                found.add(first);
                narrow = false;
            }
            case ConstantInstruction value
                    when value.typeKind() == TypeKind.INT
                            || wide && value.typeKind() == TypeKind.LONG -> {
                found.add(first);
                narrow = value.typeKind() == TypeKind.INT;
            }
            case LoadInstruction load when load.typeKind() == TypeKind.REFERENCE -> {
                found.add(first);
                at = body.next(at);
                CodeElement second = body.at(at);
                if (second instanceof OperatorInstruction operator
                        && operator.opcode() == Opcode.ARRAYLENGTH) {
                    found.add(second);
                } else if (second instanceof FieldInstruction field
                        && field.opcode() == Opcode.GETFIELD
                        && stable.test(field)
                        && field.type().stringValue().equals("I")) {
                    found.add(second);
                } else {
                    return -1;
                }
            }
            case null, default -> {
                return -1;
            }
        }
        at = body.next(at);
        if (wide && narrow) {
            if (!(body.at(at) instanceof ConvertInstruction convert)
                    || convert.opcode() != Opcode.I2L) {
                return -1;
            }
            found.add(convert);
            at = body.next(at);
        }
        return at;
    }

    /** The only step of the variable; empty: there are others, or none. */
    private OptionalInt step(Test test, int header, int back) {
        OptionalInt step = OptionalInt.empty();
        for (int i = header; i < back; i++) {
            switch (body.elements.get(i)) {
                case IncrementInstruction increment -> {
                    if (loads(test.limit, increment.slot())) {
                        return OptionalInt.empty();
                    }
                    if (increment.slot() == test.variable) {
                        if (step.isPresent()) {
                            return OptionalInt.empty();
                        }
                        step = OptionalInt.of(increment.constant());
                    }
                }
                case StoreInstruction store -> {
                    if (loads(test.limit, store.slot())) {
                        return OptionalInt.empty();
                    }
                    if (store.slot() == test.variable) {
                        OptionalInt added = test.wide ? added(i) : OptionalInt.empty();
                        if (step.isPresent() || added.isEmpty()) {
                            return OptionalInt.empty();
                        }
                        step = added;
                    }
                }
                default -> {}
            }
        }
        return step.isPresent() && Math.abs(step.getAsInt()) > CountedLoop.LONGEST_STEP
                ? OptionalInt.empty()
                : step;
    }

    /** What is added to a long before it is stored here: load, constant, add, store. */
    private OptionalInt added(int store) {
        int slot = ((StoreInstruction) body.elements.get(store)).slot();
        int[] last = before(store);
        if (last.length < 3
                || !(body.at(last[2]) instanceof LoadInstruction load)
                || load.slot() != slot
                || !(body.at(last[1]) instanceof ConstantInstruction value)
                || !(value.constantValue() instanceof Long constant)
                || Math.abs(constant) > CountedLoop.LONGEST_STEP
                || !(body.at(last[0]) instanceof OperatorInstruction operator)) {
            return OptionalInt.empty();
        }
        return switch (operator.opcode()) {
            case LADD -> OptionalInt.of(constant.intValue());
            case LSUB -> OptionalInt.of(-constant.intValue());
            default -> OptionalInt.empty();
        };
    }

    private int[] before(int position) {
        int[] found = new int[3];
        int count = 0;
        for (int i = position - 1; i >= 0 && count < 3; i--) {
            if (body.elements.get(i) instanceof LabelTarget && body.isEntry(i)) {
                break;
            }
            if (body.elements.get(i) instanceof Instruction) {
                found[count++] = i;
            }
        }
        return count == 3 ? found : new int[0];
    }

    private static boolean loads(List<CodeElement> limit, int slot) {
        return limit.stream().anyMatch(e -> e instanceof LoadInstruction l && l.slot() == slot);
    }

    private boolean limitStays(Test test, int header, int back) {
        return test.limit.stream()
                .noneMatch(
                        e -> e instanceof FieldInstruction field && changes(field, header, back));
    }

    private boolean changes(FieldInstruction limit, int header, int back) {
        for (int i = header; i < back; i++) {
            switch (body.elements.get(i)) {
                case InvokeInstruction call -> {
                    return true;
                }
                case InvokeDynamicInstruction call -> {
                    return true;
                }
                case FieldInstruction field -> {
                    if (field.opcode() == Opcode.PUTFIELD
                            && field.name().equalsString(limit.name().stringValue())) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    private static boolean nearEnd(Test test, boolean up) {
        if (test.constant.isEmpty()) {
            return true;
        }
        long limit = test.constant.getAsLong();
        long room = CountedLoop.LONGEST_STEP;
        long most = test.wide ? Long.MAX_VALUE : Integer.MAX_VALUE;
        long least = test.wide ? Long.MIN_VALUE : Integer.MIN_VALUE;
        return up ? limit > most - room : limit < least + room;
    }

    /** How often it runs, if that can be seen. */
    private OptionalLong turns(Test test, int step, boolean inclusive, int header) {
        int[] last = before(header);
        if (test.wide
                || test.constant.isEmpty()
                || last.length < 2
                || !(body.at(last[0]) instanceof StoreInstruction store)
                || store.slot() != test.variable
                || !(body.at(last[1]) instanceof ConstantInstruction start)
                || !(start.constantValue() instanceof Integer first)) {
            return OptionalLong.empty();
        }
        long way = Math.abs(test.constant.getAsLong() - first) + (inclusive ? 1 : 0);
        return OptionalLong.of(Math.ceilDiv(way, Math.abs((long) step)));
    }
}
