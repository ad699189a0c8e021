// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LabelTarget;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Puts polls into one method. A counted loop runs in chunks: the loop itself goes to the end of the
 * chunk, an outer one around it polls and begins the next. That the outer one compares with the
 * true limit first, lets the compiler see that a chunk is never empty and remove bounds checks.
 * Used once.
 */
final class MethodWeaver implements CodeTransform {

    private final MethodBody body;
    private final MethodPlan plan;
    private final Frames frames;
    private final Polls polls;
    private final int context;

    /* By the position of the header. */
    private final Map<Integer, Label> inner = new HashMap<>();
    private final Map<Integer, Label> outer = new HashMap<>();
    private final Map<Integer, Integer> ends = new HashMap<>();

    /* By the position of the handler. */
    private final Map<Integer, Label> beforePoll = new HashMap<>();
    private final Map<Integer, Label> afterPoll = new HashMap<>();
    private int index;

    /**
     * What loads variable and limit is written anew where it is needed; up to here it is left out.
     */
    private int operandsUntil;

    /**
     * @param locals how many slots the method has
     */
    MethodWeaver(MethodBody body, MethodPlan plan, Polls polls, int locals) {
        this.body = body;
        this.plan = plan;
        this.polls = polls;
        context = locals;
        int free = locals + 1;
        frames = new Frames(body.frames, locals);
        for (CountedLoop loop : plan.headers.values()) {
            ends.put(loop.header(), free);
            frames.local(loop.wide());
            free += loop.wide() ? 2 : 1;
        }
    }

    @Override
    public void atStart(CodeBuilder code) {
        polls.context(code);
        code.astore(context);
        for (CountedLoop loop : plan.headers.values()) {
            if (loop.wide()) {
                code.lconst_0().lstore(end(loop));
            } else {
                code.iconst_0().istore(end(loop));
            }
        }
        if (plan.atEntry) {
            polls.poll(code, context);
        }
        for (int handler : plan.handlers) {
            beforePoll.put(handler, code.newLabel());
            afterPoll.put(handler, code.newLabel());
        }
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        int at = index++;
        CountedLoop header = plan.headers.get(at);
        CountedLoop compare = plan.compares.get(at);
        CountedLoop back = plan.backs.get(at);
        if (header != null) {
            code.with(element);
            begin(code, header, ((LabelTarget) element).label());
        } else if (compare != null) {
            compare(code, compare, at);
        } else if (back != null) {
            code.goto_(inner.get(back.header()));
        } else if (at < operandsUntil && element instanceof Instruction) {
            return;
        } else if (element instanceof ExceptionCatch one) {
            handled(code, one);
        } else {
            if (plan.jumps.contains(at)) {
                polls.poll(code, context);
            }
            code.with(element);
            if (plan.handlers.contains(at)) {
                code.labelBinding(beforePoll.get(at));
                polls.poll(code, context);
                code.labelBinding(afterPoll.get(at));
            }
        }
    }

    @Override
    public void atEnd(CodeBuilder code) {
        frames.write(code);
    }

    /* Such a poll is outside of its own handler: what it throws leaves the loop. */
    private void handled(CodeBuilder code, ExceptionCatch one) {
        int handler = body.position(one.handler());
        boolean covered =
                plan.handlers.contains(handler)
                        && body.position(one.tryStart()) <= handler
                        && body.position(one.tryEnd()) > handler;
        if (!covered) {
            code.with(one);
            return;
        }
        if (body.position(one.tryStart()) < handler) {
            code.with(
                    ExceptionCatch.of(
                            one.handler(),
                            one.tryStart(),
                            beforePoll.get(handler),
                            one.catchType()));
        }
        code.with(
                ExceptionCatch.of(
                        one.handler(), afterPoll.get(handler), one.tryEnd(), one.catchType()));
    }

    private int end(CountedLoop loop) {
        return Objects.requireNonNull(ends.get(loop.header()));
    }

    private void begin(CodeBuilder code, CountedLoop loop, Label top) {
        leaveIfOver(code, loop);
        CountedSteps steps = CountedSteps.of(code, loop, end(loop));
        // How far it is; a difference that overflows is farther than any chunk.
        steps.distance();
        Label cut = code.newLabel();
        Label next = code.newLabel();
        steps.ifDistanceNegative(cut);
        steps.ifDistanceAtMost(loop.inclusive() ? loop.chunk() - 1 : loop.chunk(), next);
        bind(code, cut, loop);
        steps.distanceIs(loop.inclusive() ? loop.chunk() - 1 : loop.chunk());
        bind(code, next, loop);
        steps.endFromDistance();
        Label chunk = code.newLabel();
        if (loop.nearEnd()) {
            steps.ifEndNotNearOverflow(chunk);
            steps.endHere();
        }
        bind(code, chunk, loop);
        inner.put(loop.header(), chunk);
        outer.put(loop.header(), top);
        operandsUntil = loop.compare();
    }

    /** Leaves the loop if its own test says so. */
    private void leaveIfOver(CodeBuilder code, CountedLoop loop) {
        CountedSteps steps = CountedSteps.of(code, loop, end(loop));
        if (!loop.exitsBackwards()) {
            steps.jumpIfOver(loop.exit());
            return;
        }
        Label on = code.newLabel();
        steps.jumpUnlessOver(on);
        polls.poll(code, context);
        code.goto_(loop.exit());
        bind(code, on, loop);
    }

    private void compare(CodeBuilder code, CountedLoop loop, int at) {
        Label turn = code.newLabel();
        CountedSteps.of(code, loop, end(loop)).jumpUnlessChunkOver(turn);
        leaveIfOver(code, loop);
        polls.poll(code, context);
        code.goto_(outer.get(loop.header()));
        bind(code, turn, loop);
        if (frameFollows(at)) {
            code.nop();
        }
    }

    private boolean frameFollows(int at) {
        for (int i = at + 1; i < body.next(at); i++) {
            if (body.frameAt(i) != null) {
                return true;
            }
        }
        return false;
    }

    private void bind(CodeBuilder code, Label label, CountedLoop loop) {
        code.labelBinding(label);
        frames.likeAt(label, body.frameAt(loop.header()));
    }

    /** Whether a jump leaves the loop when its variable and the limit compare so. */
    static Opcode leaving(CountedLoop loop) {
        if (loop.up()) {
            return loop.inclusive() ? Opcode.IF_ICMPGT : Opcode.IF_ICMPGE;
        }
        return loop.inclusive() ? Opcode.IF_ICMPLT : Opcode.IF_ICMPLE;
    }

    /** The opposite of {@link #leaving}. */
    static Opcode staying(CountedLoop loop) {
        if (loop.up()) {
            return loop.inclusive() ? Opcode.IF_ICMPLE : Opcode.IF_ICMPLT;
        }
        return loop.inclusive() ? Opcode.IF_ICMPGE : Opcode.IF_ICMPGT;
    }
}
