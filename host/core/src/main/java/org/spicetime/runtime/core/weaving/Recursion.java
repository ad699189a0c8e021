// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/*
 * Strongly connected components by Tarjan, R. E.: Depth-First Search and Linear Graph Algorithms,
 * SIAM Journal on Computing 1(2), 1972; without recursion, as call graphs are deep.
 */
/**
 * Finds the methods of some classes that may call themselves, directly or through others of these
 * classes. A call of a type's method may reach the overriding methods of its subtypes and the
 * lambdas made for it. Calls that go through other code (the JDK, reflection) are not seen. Used by
 * one thread until it is done, then immutable.
 */
final class Recursion {

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<List<String>> calls = new ArrayList<>();
    private final Map<String, List<String>> parents = new HashMap<>();
    private final Map<String, List<String>> children = new HashMap<>();
    private final Map<String, List<String>> lambdas = new HashMap<>();
    private final Map<String, int[]> resolved = new HashMap<>();
    private final Set<Integer> recursive = new HashSet<>();

    /** Adds a class; all of them before {@link #find}. */
    void add(ClassModel model) {
        String name = model.thisClass().asInternalName();
        List<String> supers = new ArrayList<>();
        model.superclass().ifPresent(parent -> supers.add(parent.asInternalName()));
        model.interfaces().forEach(one -> supers.add(one.asInternalName()));
        parents.put(name, supers);
        for (String parent : supers) {
            children.computeIfAbsent(parent, p -> new ArrayList<>()).add(name);
        }
        for (MethodModel method : model.methods()) {
            List<String> made = new ArrayList<>();
            numbers.put(key(name, method), calls.size());
            calls.add(made);
            method.code().ifPresent(code -> code.forEach(element -> add(made, element)));
        }
    }

    private static String key(String owner, MethodModel method) {
        return owner + '.' + method.methodName().stringValue() + method.methodType().stringValue();
    }

    private void add(List<String> made, CodeElement element) {
        if (element instanceof InvokeInstruction call) {
            String target =
                    call.owner().asInternalName()
                            + '.'
                            + call.name().stringValue()
                            + call.type().stringValue();
            boolean exact =
                    call.opcode() == Opcode.INVOKESTATIC || call.opcode() == Opcode.INVOKESPECIAL;
            made.add(exact ? target : '*' + target);
        } else if (element instanceof InvokeDynamicInstruction call) {
            for (LoadableConstantEntry argument : call.invokedynamic().bootstrap().arguments()) {
                if (argument instanceof MethodHandleEntry handle) {
                    String body =
                            handle.reference().owner().asInternalName()
                                    + '.'
                                    + handle.reference().name().stringValue()
                                    + handle.reference().type().stringValue();
                    made.add(body);
                    String type = call.typeSymbol().returnType().descriptorString();
                    if (type.startsWith("L")) {
                        String face = type.substring(1, type.length() - 1);
                        lambdas.computeIfAbsent(
                                        face + '.' + call.name().stringValue(),
                                        f -> new ArrayList<>())
                                .add(body);
                    }
                }
            }
        }
    }

    /** Works it out. */
    Recursion find() {
        int size = calls.size();
        int[] order = new int[size];
        int[] low = new int[size];
        boolean[] open = new boolean[size];
        int[] next = new int[size];
        int[][] edges = new int[size][];
        int count = 0;
        ArrayDeque<Integer> path = new ArrayDeque<>();
        ArrayDeque<Integer> component = new ArrayDeque<>();
        for (int root = 0; root < size; root++) {
            if (order[root] != 0) {
                continue;
            }
            path.push(root);
            while (!path.isEmpty()) {
                int at = path.peek();
                if (order[at] == 0) {
                    order[at] = low[at] = ++count;
                    open[at] = true;
                    component.push(at);
                    edges[at] = targets(calls.get(at));
                }
                if (next[at] < edges[at].length) {
                    int to = edges[at][next[at]++];
                    if (to == at) {
                        recursive.add(at);
                    } else if (order[to] == 0) {
                        path.push(to);
                    } else if (open[to]) {
                        low[at] = Math.min(low[at], order[to]);
                    }
                    continue;
                }
                path.pop();
                if (!path.isEmpty()) {
                    low[path.peek()] = Math.min(low[path.peek()], low[at]);
                }
                if (low[at] == order[at]) {
                    boolean several = component.peek() != at;
                    int member;
                    do {
                        member = component.pop();
                        open[member] = false;
                        if (several) {
                            recursive.add(member);
                        }
                    } while (member != at);
                }
            }
        }
        calls.clear();
        resolved.clear();
        return this;
    }

    /** Whether a method may call itself. */
    boolean isRecursive(ClassModel model, MethodModel method) {
        Integer number = numbers.get(key(model.thisClass().asInternalName(), method));
        return number != null && recursive.contains(number);
    }

    private int[] targets(List<String> made) {
        Set<Integer> found = new HashSet<>();
        for (String call : made) {
            boolean exact = call.charAt(0) != '*';
            int[] reached =
                    resolved.computeIfAbsent(
                            call, c -> exact ? resolve(c, false) : resolve(c.substring(1), true));
            for (int one : reached) {
                found.add(one);
            }
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private int[] resolve(String target, boolean virtual) {
        int dot = target.indexOf('.');
        String owner = target.substring(0, dot);
        String method = target.substring(dot);
        Set<Integer> found = new HashSet<>();
        ArrayDeque<String> up = new ArrayDeque<>(List.of(owner));
        Set<String> seen = new HashSet<>();
        while (!up.isEmpty()) {
            String type = up.pop();
            Integer number = numbers.get(type + method);
            if (number != null) {
                found.add(number);
            } else if (seen.add(type)) {
                up.addAll(parents.getOrDefault(type, List.of()));
            }
        }
        if (virtual && parents.containsKey(owner)) {
            below(owner, method, found);
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private void below(String owner, String method, Set<Integer> found) {
        String name = method.substring(0, method.indexOf('('));
        ArrayDeque<String> down = new ArrayDeque<>(List.of(owner));
        Set<String> seen = new HashSet<>();
        while (!down.isEmpty()) {
            String type = down.pop();
            if (!seen.add(type)) {
                continue;
            }
            Integer number = numbers.get(type + method);
            if (number != null) {
                found.add(number);
            }
            for (String body : lambdas.getOrDefault(type + name, List.of())) {
                Integer lambda = numbers.get(body);
                if (lambda != null) {
                    found.add(lambda);
                }
            }
            down.addAll(children.getOrDefault(type, List.of()));
        }
    }
}
