// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where the polls of one method go. Immutable once made. */
final class MethodPlan {

    /** A loop whose every turn polls although it calls nothing, and why. */
    record Everyturn(int line, String reason) {}

    /** A constant loop that is over before anybody would wait for its poll. */
    private static final long FEW_TURNS = 1024;

    final boolean atEntry;
    final Map<Integer, CountedLoop> headers = new HashMap<>();
    final Map<Integer, CountedLoop> compares = new HashMap<>();
    final Map<Integer, CountedLoop> backs = new HashMap<>();

    /** The jumps before which there is a poll. */
    final Set<Integer> jumps = new HashSet<>();

    /** The labels of handlers after which there is a poll. */
    final Set<Integer> handlers = new HashSet<>();

    final List<Everyturn> everyTurn = new ArrayList<>();

    /**
     * @param atEntry whether the method may call itself, directly or through others
     */
    MethodPlan(MethodBody body, boolean atEntry, Predicate<FieldInstruction> stable) {
        this.atEntry = atEntry;
        LoopMatcher matcher = new LoopMatcher(body, stable);
        List<CountedLoop> counted = new ArrayList<>();
        for (MethodBody.Jump jump : body.jumps) {
            if (jump.backwards()) {
                CountedLoop loop = plan(body, jump, matcher);
                if (loop != null) {
                    counted.add(loop);
                }
            }
        }
        for (CountedLoop loop : counted) {
            boolean within =
                    counted.stream()
                            .anyMatch(other ->
                                    other.header() < loop.header() && other.back() > loop.back());
            put(within ? loop.chunk(LoopCost.within(loop.chunk())) : loop);
        }
        for (MethodBody.Handler handler : body.handlers) {
            if (handler.at() < handler.end()) {
                planHandler(body, handler);
            }
        }
        // A loop that leaves by jumping back to an outer one polls there, not at its own test.
        compares.keySet().forEach(jumps::remove);
    }

    private void put(CountedLoop loop) {
        headers.put(loop.header(), loop);
        compares.put(loop.compare(), loop);
        backs.put(loop.back(), loop);
    }

    private @Nullable CountedLoop plan(MethodBody body, MethodBody.Jump jump, LoopMatcher matcher) {
        LoopMatcher.Match match = matcher.match(jump);
        CountedLoop loop = match.loop();
        if (loop == null) {
            jumps.add(jump.from());
            if (isPlain(body, jump) && !matcher.isOuter(jump)) {
                everyTurn.add(new Everyturn(body.line(jump.to()), match.obstacle()));
            }
            return null;
        }
        boolean soonOver = match.turns().isPresent() && match.turns().getAsLong() <= FEW_TURNS;
        return soonOver ? null : loop;
    }

    /** Whether the loop calls nothing: then a poll in every turn may be felt. */
    private static boolean isPlain(MethodBody body, MethodBody.Jump jump) {
        for (int i = jump.to(); i < jump.from(); i++) {
            CodeElement element = body.elements.get(i);
            if (element instanceof InvokeInstruction
                    || element instanceof InvokeDynamicInstruction) {
                return false;
            }
        }
        return body.jumps.stream()
                .noneMatch(other ->
                        other.backwards()
                                && other.from() > jump.to()
                                && other.from() < jump.from());
    }

    /*
     * Compilers let a handler cover its own first store (finally) or its monitorexit (synchronized).
     * Neither is a loop, and a poll between an exception and its monitorexit would lose the lock.
     */
    private void planHandler(MethodBody body, MethodBody.Handler handler) {
        boolean more = false;
        for (int i = body.next(handler.at()); i < body.elements.size(); i = body.next(i)) {
            CodeElement element = body.elements.get(i);
            if (element instanceof MonitorInstruction exit && exit.opcode() == Opcode.MONITOREXIT) {
                return;
            }
            boolean covered = i >= handler.start() && i < handler.end();
            more |=
                    covered
                            && element instanceof Instruction
                            && !(element instanceof StoreInstruction);
            if (element instanceof ReturnInstruction || element instanceof ThrowInstruction) {
                break;
            }
        }
        if (more) {
            handlers.add(handler.at());
        }
    }

    /** Whether the method stays as it is. */
    boolean isEmpty() {
        return !atEntry && headers.isEmpty() && jumps.isEmpty() && handlers.isEmpty();
    }
}
