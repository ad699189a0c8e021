// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.DiscontinuedInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The elements of a method by position, its jumps and its handlers. Immutable once made. */
final class MethodBody {

    /** From one position to another. */
    record Jump(int from, int to) {
        boolean backwards() {
            return to <= from;
        }
    }

    /** A range of positions (the end aside) and where it goes on when something is thrown in it. */
    record Handler(int start, int end, int at) {}

    final List<CodeElement> elements;
    final List<Jump> jumps = new ArrayList<>();
    final List<Handler> handlers = new ArrayList<>();
    final Optional<StackMapTableAttribute> frames;
    private final Map<Label, Integer> positions = new HashMap<>();
    private final Map<Integer, StackMapFrameInfo> framesAt = new HashMap<>();
    private final Set<Integer> targets = new HashSet<>();
    private boolean discontinued;

    MethodBody(CodeModel code) {
        elements = code.elementList();
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof LabelTarget target) {
                positions.put(target.label(), i);
            }
        }
        for (int i = 0; i < elements.size(); i++) {
            switch (elements.get(i)) {
                case BranchInstruction jump -> add(i, jump.target());
                case TableSwitchInstruction jump -> add(i, jump.defaultTarget(), jump.cases());
                case LookupSwitchInstruction jump -> add(i, jump.defaultTarget(), jump.cases());
                case ExceptionCatch one ->
                        handlers.add(
                                new Handler(
                                        position(one.tryStart()),
                                        position(one.tryEnd()),
                                        position(one.handler())));
                case DiscontinuedInstruction old -> discontinued = true;
                default -> {}
            }
        }
        frames = code.findAttribute(Attributes.stackMapTable());
        frames.ifPresent(
                table -> table.entries().forEach(f -> framesAt.put(position(f.target()), f)));
    }

    private void add(int from, Label otherwise, List<SwitchCase> cases) {
        add(from, otherwise);
        cases.forEach(one -> add(from, one.target()));
    }

    private void add(int from, Label to) {
        jumps.add(new Jump(from, position(to)));
        targets.add(position(to));
    }

    /** Whether a jump leads here. */
    boolean isTarget(int position) {
        return targets.contains(position);
    }

    /** Whether a position is a label that other code leads to. */
    boolean isEntry(int position) {
        return isTarget(position) || handlers.stream().anyMatch(one -> one.at() == position);
    }

    /** Where a label stands. */
    int position(Label label) {
        Integer at = positions.get(label);
        if (at == null) {
            throw new IllegalArgumentException("a jump leads out of its method");
        }
        return at;
    }

    /** The next instruction after a position; the number of elements: none. */
    int next(int position) {
        int at = position + 1;
        while (at < elements.size() && !(elements.get(at) instanceof Instruction)) {
            at++;
        }
        return at;
    }

    /** The element at a position, if there is one. */
    @Nullable CodeElement at(int position) {
        return position < elements.size() ? elements.get(position) : null;
    }

    /** The frame at a position. */
    @Nullable StackMapFrameInfo frameAt(int position) {
        return framesAt.get(position);
    }

    /** Whether it has instructions that newer versions of Java do not know. */
    boolean discontinued() {
        return discontinued;
    }

    /** The line that a position belongs to; 0: unknown. */
    int line(int position) {
        for (int i = Math.min(position + 3, elements.size() - 1); i >= 0; i--) {
            if (elements.get(i) instanceof LineNumber line) {
                return line.line();
            }
        }
        return 0;
    }
}
