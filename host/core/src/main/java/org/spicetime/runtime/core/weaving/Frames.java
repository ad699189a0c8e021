// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stack map of a woven method: the frames that its compiler wrote, with the new locals behind
 * the old ones. No type has to be worked out anew, so no other class has to be looked at. Used
 * once.
 */
final class Frames {

    private final Optional<StackMapTableAttribute> original;
    private final int oldSlots;
    private final List<VerificationTypeInfo> added = new ArrayList<>();
    private final List<StackMapFrameInfo> more = new ArrayList<>();

    Frames(Optional<StackMapTableAttribute> original, int oldSlots) {
        this.original = original;
        this.oldSlots = oldSlots;
        added.add(ObjectVerificationTypeInfo.of(Polls.CONTEXT));
    }

    /** There is another new local, a long or an int. */
    void local(boolean wide) {
        added.add(wide ? SimpleVerificationTypeInfo.LONG : SimpleVerificationTypeInfo.INTEGER);
    }

    /** At this label all is as in that frame. */
    void likeAt(Label label, @Nullable StackMapFrameInfo other) {
        if (other == null) {
            throw new IllegalStateException("a loop without a frame was woven");
        }
        more.add(StackMapFrameInfo.of(label, other.locals(), other.stack()));
    }

    /** At this label, only the new locals and something thrown are there. */
    void thrownAt(Label label) {
        more.add(
                StackMapFrameInfo.of(
                        label, List.of(), List.of(ObjectVerificationTypeInfo.of(Polls.THROWABLE))));
    }

    /** Writes all frames, if the class has frames. */
    void write(CodeBuilder code) {
        if (original.isEmpty() && more.isEmpty()) {
            return;
        }
        List<StackMapFrameInfo> all = new ArrayList<>();
        original.ifPresent(table -> table.entries().forEach(frame -> all.add(extended(frame))));
        more.forEach(frame -> all.add(extended(frame)));
        code.with(StackMapTableAttribute.of(all));
    }

    private StackMapFrameInfo extended(StackMapFrameInfo frame) {
        List<VerificationTypeInfo> locals = new ArrayList<>(frame.locals());
        int slots = 0;
        for (VerificationTypeInfo local : locals) {
            slots +=
                    local == SimpleVerificationTypeInfo.LONG
                                    || local == SimpleVerificationTypeInfo.DOUBLE
                            ? 2
                            : 1;
        }
        for (; slots < oldSlots; slots++) {
            locals.add(SimpleVerificationTypeInfo.TOP);
        }
        locals.addAll(added);
        return StackMapFrameInfo.of(frame.target(), locals, frame.stack());
    }
}
