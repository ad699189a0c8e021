// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.handler.PayloadField;

/**
 * Makes the shape of a record from its declaration. A declaration that cannot be a payload or a
 * result is refused with the component and the reason. Used by one thread, for one record.
 */
final class Shapes {

    private static final int DEEPEST = 16;

    private final Deque<Class<?>> enclosing = new ArrayDeque<>();

    private Shapes() {}

    /**
     * The shape of a record.
     *
     * @throws IllegalArgumentException if a component cannot be JSON, or its annotation is wrong
     */
    static RecordShape of(Class<?> type) {
        return new Shapes().record(type);
    }

    private RecordShape record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw new IllegalArgumentException(type.getName() + " is not a record");
        }
        if (enclosing.contains(type) || enclosing.size() >= DEEPEST) {
            throw new IllegalArgumentException(
                    "record %s contains itself, or lies deeper than %d records"
                            .formatted(type.getSimpleName(), DEEPEST));
        }
        enclosing.push(type);
        List<RecordShape.Member> members = new ArrayList<>();
        for (RecordComponent component : components) {
            members.add(member(type, component));
        }
        enclosing.pop();
        return new RecordShape(type.getSimpleName(), constructor(type, components), members);
    }

    private RecordShape.Member member(Class<?> type, RecordComponent component) {
        String place = type.getSimpleName() + "." + component.getName();
        try {
            PayloadField field = component.getAnnotation(PayloadField.class);
            Shape shape = shape(component.getGenericType(), Bounds.of(field));
            boolean nullable =
                    !component.getType().isPrimitive()
                            && (isNullable(component) || isNullable(component.getAnnotatedType()));
            Method accessor = component.getAccessor();
            accessible(accessor.trySetAccessible(), place);
            RecordShape.Member member =
                    new RecordShape.Member(
                            component.getName(),
                            field == null ? null : field.value(),
                            shape,
                            nullable,
                            preset(field),
                            accessor);
            if (member.preset() != null) {
                member.read("default", member.preset().json());
            }
            return member;
        } catch (RefusedException | IllegalArgumentException malformed) {
            throw new IllegalArgumentException(place + ": " + malformed.getMessage(), malformed);
        }
    }

    private static RecordShape.@Nullable Preset preset(@Nullable PayloadField field) {
        return field == null || field.defaultJson().isEmpty()
                ? null
                : new RecordShape.Preset(
                        Json.read(field.defaultJson().getBytes(StandardCharsets.UTF_8), "default"));
    }

    /* By simple name: whichever library the author took it from. */
    private static boolean isNullable(AnnotatedElement element) {
        for (Annotation annotation : element.getAnnotations()) {
            if (annotation.annotationType().getSimpleName().equals("Nullable")) {
                return true;
            }
        }
        return false;
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(types);
            accessible(canonical.trySetAccessible(), type.getSimpleName());
            return canonical;
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type.getName() + " has no canonical constructor", e);
        }
    }

    private static void accessible(boolean open, String what) {
        if (!open) {
            throw new IllegalArgumentException(
                    what + " cannot be reached: make the record public, in an exported package");
        }
    }

    private Shape shape(Type type, Bounds bounds) {
        return switch (type) {
            case Class<?> plain -> plain(plain, bounds);
            case ParameterizedType generic when generic.getRawType() instanceof Class<?> raw ->
                    generic(raw, generic.getActualTypeArguments(), bounds);
            default -> throw unsupported(type.getTypeName());
        };
    }

    private Shape plain(Class<?> type, Bounds bounds) {
        NumberShape number = NumberShape.of(type, bounds);
        if (number != null) {
            return number;
        }
        if (type == String.class) {
            return new ScalarShapes.Text(bounds);
        }
        if (type == OptionalInt.class) {
            return new ContainerShapes.Perhaps(
                    shape(int.class, bounds),
                    OptionalInt.empty(),
                    value -> OptionalInt.of((Integer) value),
                    value ->
                            ((OptionalInt) value).isPresent()
                                    ? (Object) ((OptionalInt) value).getAsInt()
                                    : null);
        }
        if (type == OptionalLong.class) {
            return new ContainerShapes.Perhaps(
                    shape(long.class, bounds),
                    OptionalLong.empty(),
                    value -> OptionalLong.of((Long) value),
                    value ->
                            ((OptionalLong) value).isPresent()
                                    ? (Object) ((OptionalLong) value).getAsLong()
                                    : null);
        }
        if (type == OptionalDouble.class) {
            return new ContainerShapes.Perhaps(
                    shape(double.class, bounds),
                    OptionalDouble.empty(),
                    value -> OptionalDouble.of((Double) value),
                    value ->
                            ((OptionalDouble) value).isPresent()
                                    ? (Object) ((OptionalDouble) value).getAsDouble()
                                    : null);
        }
        if (!bounds.isNone()) {
            throw new IllegalArgumentException(
                    "minimum and maximum have no meaning for " + type.getSimpleName());
        }
        return unbounded(type);
    }

    private Shape unbounded(Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return new ScalarShapes.Flag();
        }
        if (type == Object.class) {
            return new ScalarShapes.Anything();
        }
        if (type.isEnum()) {
            return ScalarShapes.Choice.of(type);
        }
        if (type.isRecord()) {
            return record(type);
        }
        Shape parsed = ScalarShapes.parsed(type);
        if (parsed == null) {
            throw unsupported(type.getTypeName());
        }
        return parsed;
    }

    private Shape generic(Class<?> raw, Type[] arguments, Bounds bounds) {
        if (raw == List.class || raw == Collection.class) {
            return new ContainerShapes.Several(shape(arguments[0], Bounds.NONE), bounds, false);
        }
        if (raw == Set.class) {
            return new ContainerShapes.Several(shape(arguments[0], Bounds.NONE), bounds, true);
        }
        if (raw == Map.class && arguments[0] == String.class) {
            return new ContainerShapes.Members(shape(arguments[1], Bounds.NONE), bounds);
        }
        if (raw == Optional.class) {
            return new ContainerShapes.Perhaps(
                    shape(arguments[0], bounds),
                    Optional.empty(),
                    Optional::of,
                    value -> ((Optional<?>) value).orElse(null));
        }
        throw unsupported(raw.getTypeName());
    }

    private static IllegalArgumentException unsupported(String type) {
        return new IllegalArgumentException(
                "type "
                        + type
                        + " is not supported; use numbers, String, boolean, enums, Instant,"
                        + " Duration, UUID, URI, byte[], records, and List, Set, Map from String or"
                        + " Optional of these");
    }
}
