// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.Annotation;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodBuilder;
import java.lang.classfile.MethodElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.handler.NoPreempt;

/**
 * Puts the polls of task handlers into a class: at the beginning of methods that may call
 * themselves, in chunks of counted loops, before other jumps backwards. Class initialisers and what
 * is marked {@link NoPreempt} get none, and tell the context that they run. For one class.
 */
final class HandlerTransform {

    /** What was found in a class while it was looked at. */
    record Findings(
            int chunked,
            int polled,
            List<String> everyTurn,
            List<String> protectedLoops,
            List<String> withoutPolls) {}

    /**
     * Longer code has jumps that would no longer reach; the compiler of the JVM leaves it out too.
     */
    private static final int LONGEST_CODE = 24_000;

    private static final int FRAMES_SINCE = ClassFile.JAVA_6_VERSION;
    private static final String NO_PREEMPT = NoPreempt.class.descriptorString();
    private static final Polls POLLS = new Polls();

    private final ClassModel model;
    private final Predicate<MethodModel> recursive;
    private final Set<String> stable = new HashSet<>();
    private final boolean held;

    /**
     * @param recursive which methods may call themselves, directly or through others
     */
    HandlerTransform(ClassModel model, Predicate<MethodModel> recursive) {
        this.model = model;
        this.recursive = recursive;
        for (FieldModel field : model.fields()) {
            if (!field.flags().has(AccessFlag.VOLATILE)) {
                stable.add(field.fieldName().stringValue());
            }
        }
        held = isMarked(model);
    }

    /** How classes are read and written here: their frames are not made anew. */
    static ClassFile files() {
        return ClassFile.of(
                ClassFile.StackMapsOption.DROP_STACK_MAPS, ClassFile.DeadCodeOption.KEEP_DEAD_CODE);
    }

    /**
     * The class with polls.
     *
     * @throws IllegalArgumentException if it would become too large
     */
    byte[] weave() {
        return files().transformClass(model, this::member);
    }

    /** What weaving it finds. */
    Findings findings() {
        int chunked = 0;
        int polled = 0;
        List<String> everyTurn = new ArrayList<>();
        List<String> shielded = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (MethodModel method : model.methods()) {
            CodeModel code = method.code().orElse(null);
            if (code == null) {
                continue;
            }
            String name = name(method);
            MethodBody body = new MethodBody(code);
            if (!fits(code, body)) {
                without.add(name + " (too long or too old)");
            } else if (isInitialiser(method) || isHeld(method)) {
                if (body.jumps.stream().anyMatch(MethodBody.Jump::backwards)) {
                    shielded.add(
                            name + (isHeld(method) ? " (@NoPreempt)" : " (class initialiser)"));
                }
            } else {
                MethodPlan plan = plan(method, body);
                chunked += plan.headers.size();
                polled += plan.jumps.size() + plan.handlers.size();
                plan.everyTurn.forEach(
                        one -> everyTurn.add(name + ":" + one.line() + " (" + one.reason() + ")"));
            }
        }
        return new Findings(chunked, polled, everyTurn, shielded, without);
    }

    private String name(MethodModel method) {
        return model.thisClass().asInternalName().replace('/', '.')
                + '.'
                + method.methodName().stringValue();
    }

    private void member(ClassBuilder builder, ClassElement element) {
        if (element instanceof MethodModel method && method.code().isPresent()) {
            builder.transformMethod(method, (into, part) -> part(into, part, method));
        } else {
            builder.with(element);
        }
    }

    private void part(MethodBuilder builder, MethodElement element, MethodModel method) {
        CodeTransform transform = element instanceof CodeModel code ? of(method, code) : null;
        if (transform == null) {
            builder.with(element);
        } else {
            builder.transformCode((CodeModel) element, transform);
        }
    }

    private @Nullable CodeTransform of(MethodModel method, CodeModel code) {
        MethodBody body = new MethodBody(code);
        if (!(code instanceof CodeAttribute attribute) || !fits(code, body)) {
            return null;
        }
        if (isInitialiser(method) || isHeld(method)) {
            return isConstructor(method)
                    ? null
                    : new HeldMethod(
                            body,
                            POLLS,
                            attribute.maxLocals(),
                            isInitialiser(method),
                            model.majorVersion() >= FRAMES_SINCE);
        }
        MethodPlan plan = plan(method, body);
        return plan.isEmpty() ? null : new MethodWeaver(body, plan, POLLS, attribute.maxLocals());
    }

    private MethodPlan plan(MethodModel method, MethodBody body) {
        return new MethodPlan(body, recursive.test(method), this::isStable);
    }

    private static boolean fits(CodeModel code, MethodBody body) {
        return code instanceof CodeAttribute attribute
                && attribute.codeLength() <= LONGEST_CODE
                && !body.discontinued();
    }

    private boolean isStable(FieldInstruction field) {
        return field.owner().equals(model.thisClass())
                && stable.contains(field.name().stringValue());
    }

    private static boolean isInitialiser(MethodModel method) {
        return method.methodName().equalsString("<clinit>");
    }

    private static boolean isConstructor(MethodModel method) {
        return method.methodName().equalsString("<init>");
    }

    private boolean isHeld(MethodModel method) {
        return held && !isInitialiser(method) || isMarked(method);
    }

    private static boolean isMarked(AttributedElement element) {
        return Stream.concat(
                        element.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
                                .flatMap(attribute -> attribute.annotations().stream()),
                        element.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                                .flatMap(attribute -> attribute.annotations().stream()))
                .map(Annotation::className)
                .anyMatch(name -> name.equalsString(NO_PREEMPT));
    }
}
