// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;

/** A record, member by member. Immutable. */
final class RecordShape implements Shape {

    /**
     * A component.
     *
     * @param name of the component and of the JSON member
     * @param description null: none
     * @param shape of its values
     * @param nullable whether it may be null
     * @param preset JSON value used when the member is missing; null: there is none
     * @param accessor reads it
     */
    record Member(
            String name,
            @Nullable String description,
            Shape shape,
            boolean nullable,
            @Nullable Preset preset,
            Method accessor) {

        boolean required() {
            return preset == null && !nullable && shape.ofNull() == null;
        }

        @Nullable Object read(String path, @Nullable Object json) {
            if (json != null) {
                return shape.read(path, json);
            }
            Object none = shape.ofNull();
            if (none == null && !nullable) {
                throw Shape.unfit(path, null, "present");
            }
            return none;
        }
    }

    /** A value that may be the JSON null. */
    record Preset(@Nullable Object json) {}

    private final String name;
    private final Constructor<?> constructor;
    private final List<Member> members;

    RecordShape(String name, Constructor<?> constructor, List<Member> members) {
        this.name = name;
        this.constructor = constructor;
        this.members = List.copyOf(members);
    }

    @Override
    public Object read(String path, Object json) {
        if (!(json instanceof Map<?, ?> given)) {
            throw Shape.unfit(path, json, "an object");
        }
        for (Object key : given.keySet()) {
            if (members.stream().noneMatch(member -> member.name().equals(key))) {
                throw unknown(path, key);
            }
        }
        @Nullable Object[] arguments = new Object[members.size()];
        for (int i = 0; i < arguments.length; i++) {
            Member member = members.get(i);
            String place = path + "." + member.name();
            if (given.containsKey(member.name())) {
                arguments[i] = member.read(place, given.get(member.name()));
            } else if (member.preset() != null) {
                arguments[i] = member.read(place, member.preset().json());
            } else if (member.required()) {
                throw RefusedException.badInput(place, "is missing and has no default");
            } else {
                arguments[i] = member.shape().ofNull();
            }
        }
        return make(path, arguments);
    }

    private RefusedException unknown(String path, @Nullable Object key) {
        List<String> names = members.stream().map(Member::name).toList();
        return RefusedException.badInput(
                        path + "." + Shown.of(key),
                        names.isEmpty()
                                ? "there is no such member, and no other one either"
                                : "there is no such member; there are " + String.join(", ", names))
                .with("available", names);
    }

    private Object make(String path, @Nullable Object[] arguments) {
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof RefusedException told) {
                throw told;
            }
            if (refused.getCause() instanceof RuntimeException cause) {
                String message = cause.getMessage();
                throw RefusedException.badInput(
                        path,
                        message == null
                                ? "is refused with " + cause.getClass().getSimpleName()
                                : Shown.sentence(message));
            }
            throw new IllegalStateException("record " + name + " failed", refused.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("record " + name + " cannot be made", e);
        }
    }

    @Override
    public Object write(String path, Object value) {
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        for (Member member : members) {
            String place = path + "." + member.name();
            Object component = component(member, value);
            if (component == null && !member.nullable()) {
                throw Shape.unwritable(place, "must not be null");
            }
            written.put(
                    member.name(),
                    component == null ? null : member.shape().write(place, component));
        }
        return written;
    }

    private @Nullable Object component(Member member, Object value) {
        try {
            return member.accessor().invoke(value);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("record " + name + " failed", thrown.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("record " + name + " cannot be read", e);
        }
    }

    @Override
    public Map<String, Object> schema(boolean written) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Member member : members) {
            properties.put(member.name(), schema(member, written));
            if (written || member.required()) {
                required.add(member.name());
            }
        }
        Map<String, Object> schema = ScalarShapes.type("object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, @Nullable Object> schema(Member member, boolean written) {
        Map<String, Object> plain = member.shape().schema(written);
        Map<String, @Nullable Object> schema =
                new LinkedHashMap<>(member.nullable() ? ContainerShapes.nullable(plain) : plain);
        if (member.description() != null) {
            schema.put("description", member.description());
        }
        if (member.preset() != null && !written) {
            schema.put("default", member.preset().json());
        }
        return schema;
    }
}
