// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodBuilder;
import java.lang.classfile.MethodElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spicetime.runtime.core.poll.Poll;

/**
 * Inserts a call of {@link Poll#poll} at the beginning of every method and before every jump
 * backwards. The call takes and leaves nothing, so the frames of the class stay valid and are kept
 * as they are; no other class has to be looked at. Stateless.
 */
final class PollTransform {

    // ConstantDescs has to be initialised before MethodTypeDesc, or neither can be.
    private static final MethodTypeDesc NOTHING =
            MethodTypeDesc.of(ConstantDescs.CD_void, List.of());
    private static final ClassDesc POLL = ClassDesc.of(Poll.class.getName());

    private PollTransform() {}

    /**
     * The class with polls.
     *
     * @throws IllegalArgumentException if it cannot be read or would become too large
     */
    static byte[] weave(byte[] bytes) {
        ClassFile files =
                ClassFile.of(
                        ClassFile.StackMapsOption.DROP_STACK_MAPS,
                        ClassFile.DeadCodeOption.KEEP_DEAD_CODE);
        ClassModel model = files.parse(bytes);
        return files.transformClass(model, PollTransform::member);
    }

    private static void member(ClassBuilder builder, ClassElement element) {
        if (element instanceof MethodModel method && method.code().isPresent()) {
            builder.transformMethod(method, PollTransform::part);
        } else {
            builder.with(element);
        }
    }

    private static void part(MethodBuilder builder, MethodElement element) {
        if (element instanceof CodeModel code) {
            builder.transformCode(code, new Polls(code.findAttribute(Attributes.stackMapTable())));
        } else {
            builder.with(element);
        }
    }

    /** One method. Used once. */
    private static final class Polls implements CodeTransform {
        private final Optional<StackMapTableAttribute> frames;
        private final Set<Label> passed = new HashSet<>();

        Polls(Optional<StackMapTableAttribute> frames) {
            this.frames = frames;
        }

        @Override
        public void atStart(CodeBuilder builder) {
            poll(builder);
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            switch (element) {
                case LabelTarget target -> passed.add(target.label());
                case BranchInstruction jump -> {
                    if (passed.contains(jump.target())) {
                        poll(builder);
                    }
                }
                case TableSwitchInstruction jump -> {
                    if (backwards(jump.defaultTarget(), jump.cases())) {
                        poll(builder);
                    }
                }
                case LookupSwitchInstruction jump -> {
                    if (backwards(jump.defaultTarget(), jump.cases())) {
                        poll(builder);
                    }
                }
                default -> {}
            }
            builder.with(element);
        }

        @Override
        public void atEnd(CodeBuilder builder) {
            frames.ifPresent(builder::with);
        }

        private boolean backwards(Label otherwise, List<SwitchCase> cases) {
            return passed.contains(otherwise)
                    || cases.stream().anyMatch(one -> passed.contains(one.target()));
        }

        private static void poll(CodeBuilder builder) {
            builder.invokestatic(POLL, "poll", NOTHING);
        }
    }
}
