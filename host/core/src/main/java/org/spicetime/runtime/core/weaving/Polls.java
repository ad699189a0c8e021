// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.spicetime.runtime.core.poll.HandlerPoll;
import org.spicetime.runtime.core.poll.PollContext;

/** The calls that are woven into handlers. Stateless. */
final class Polls {

    // ConstantDescs has to be initialised before MethodTypeDesc, or neither can be.
    static final ClassDesc THROWABLE = ConstantDescs.CD_Throwable;
    static final ClassDesc CONTEXT = ClassDesc.of(PollContext.class.getName());
    private static final ClassDesc POLL = ClassDesc.of(HandlerPoll.class.getName());
    private static final MethodTypeDesc READ = MethodTypeDesc.of(CONTEXT, List.of());
    private static final MethodTypeDesc USE =
            MethodTypeDesc.of(ConstantDescs.CD_void, List.of(CONTEXT));

    /** Pushes the context of this thread. */
    void context(CodeBuilder code) {
        code.invokestatic(POLL, "context", READ);
    }

    void poll(CodeBuilder code, int context) {
        code.aload(context).invokestatic(POLL, "poll", USE);
    }

    /** Pushes the context; polls do nothing from here on. */
    void begin(CodeBuilder code, boolean initialiser) {
        code.invokestatic(POLL, initialiser ? "beginInitialiser" : "hold", READ);
    }

    /** The end of that. */
    void end(CodeBuilder code, int context, boolean initialiser) {
        code.aload(context).invokestatic(POLL, initialiser ? "endInitialiser" : "release", USE);
    }
}
