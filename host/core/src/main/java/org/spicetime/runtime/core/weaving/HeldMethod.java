// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.ReturnInstruction;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells the context when a method begins in which polls do nothing, and when it ends, however it
 * does. Used once.
 */
final class HeldMethod implements CodeTransform {

    private final Polls polls;
    private final Frames frames;
    private final int context;
    private final boolean initialiser;
    private final boolean hasFrames;
    private @Nullable Label begin;

    HeldMethod(MethodBody body, Polls polls, int locals, boolean initialiser, boolean hasFrames) {
        this.polls = polls;
        this.initialiser = initialiser;
        this.hasFrames = hasFrames;
        context = locals;
        frames = new Frames(body.frames, locals);
    }

    @Override
    public void atStart(CodeBuilder code) {
        Label first = code.newLabel();
        begin = first;
        polls.begin(code, initialiser);
        code.astore(context).labelBinding(first);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        if (element instanceof ReturnInstruction) {
            polls.end(code, context, initialiser);
        }
        code.with(element);
    }

    @Override
    public void atEnd(CodeBuilder code) {
        Label thrown = code.newLabel();
        code.labelBinding(thrown);
        polls.end(code, context, initialiser);
        code.athrow();
        code.exceptionCatchAll(Objects.requireNonNull(begin, "begin"), thrown, thrown);
        if (hasFrames) {
            frames.thrownAt(thrown);
        }
        frames.write(code);
    }
}
