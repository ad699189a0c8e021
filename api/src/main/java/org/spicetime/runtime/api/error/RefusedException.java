// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.error;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request was refused and changed nothing. The message names the thing, the value, the range and
 * what to do; {@link #details()} tells the same to programs. Immutable.
 */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_SHOWN = 64;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final transient ErrorCode code;
    private final transient Map<String, Object> details;

    /**
     * @param code stable code
     * @param message one sentence for people
     * @param details facts for programs: strings, numbers, booleans, lists and maps of them
     */
    public RefusedException(ErrorCode code, String message, Map<String, Object> details) {
        super(message);
        this.code = code;
        this.details = Map.copyOf(details);
    }

    /**
     * The code; never null in the process that threw it.
     *
     * @return the code
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * Facts for programs, e.g. {@code field}, {@code range}, {@code requested}, {@code available}.
     *
     * @return an immutable map
     */
    public Map<String, Object> details() {
        return details;
    }

    /**
     * This refusal with one more fact, e.g. the domain it belongs to.
     *
     * @param name of the fact
     * @param value of the fact
     * @return a copy with the same message and stack trace
     */
    public RefusedException with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(details);
        more.put(name, value);
        RefusedException enriched = new RefusedException(code, messageOf(this), more);
        enriched.setStackTrace(getStackTrace());
        return enriched;
    }

    /**
     * No {@code kind} has this id.
     *
     * @param kind what was looked for
     * @param id what it was looked for by
     * @return NOT_FOUND
     */
    public static RefusedException notFound(String kind, Object id) {
        return new RefusedException(
                RequestErrorCode.NOT_FOUND,
                "there is no "
                        + kind
                        + " \""
                        + beginningOf(String.valueOf(id))
                        + "\"; check the id, or list the "
                        + plural(kind)
                        + " that there are",
                Map.of("kind", kind));
    }

    /**
     * The value of {@code field} cannot be accepted; {@code message} says why and what can.
     *
     * @param field path of the value, as clients name it
     * @param message what is wrong with it and what to do
     * @return BAD_USER_INPUT
     */
    public static RefusedException badInput(String field, String message) {
        return new RefusedException(
                RequestErrorCode.BAD_USER_INPUT, field + ": " + message, Map.of("field", field));
    }

    /**
     * The value of {@code field} lies outside of {@code range}.
     *
     * @param field path of the value, as clients name it
     * @param value the value
     * @param range what is accepted
     * @return BAD_USER_INPUT
     */
    public static RefusedException outOfRange(String field, @Nullable Object value, String range) {
        return new RefusedException(
                RequestErrorCode.BAD_USER_INPUT,
                field + " must be " + range + ", was " + value,
                Map.of("field", field, "range", range));
    }

    /**
     * The choice is one that no deployed bundle offers now.
     *
     * @param field path of the value, as clients name it
     * @param value the choice
     * @param available the choices there are
     * @return BAD_USER_INPUT with {@code reason: NOT_AVAILABLE}
     */
    public static RefusedException notAvailable(
            String field, String value, Collection<String> available) {
        List<String> sorted = available.stream().sorted().toList();
        return new RefusedException(
                RequestErrorCode.BAD_USER_INPUT,
                field
                        + ": "
                        + beginningOf(value)
                        + " is not available; available: "
                        + String.join(", ", sorted),
                Map.of("field", field, "reason", "NOT_AVAILABLE", "available", sorted));
    }

    /**
     * The object is not in a state that allows the request.
     *
     * @param message the object, its state, and what to do
     * @return CONFLICT
     */
    public static RefusedException conflict(String message) {
        return new RefusedException(RequestErrorCode.CONFLICT, message, Map.of());
    }

    /**
     * A limit is used up.
     *
     * @param message the limit, and what to do
     * @param requested how much was asked for
     * @param available how much there is
     * @return RESOURCE_EXHAUSTED
     */
    public static RefusedException exhausted(String message, long requested, long available) {
        return new RefusedException(
                RuntimeErrorCode.RESOURCE_EXHAUSTED,
                message,
                Map.of("requested", requested, "available", available));
    }

    /** A message repeats what was sent only as far as it helps to find it. */
    private static String beginningOf(String value) {
        String plain = CONTROL.matcher(value).replaceAll("?");
        return plain.length() <= LONGEST_SHOWN
                ? plain
                : plain.substring(0, LONGEST_SHOWN) + "... (" + value.length() + " characters)";
    }

    private static String plural(String kind) {
        return kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
    }

    private static String messageOf(RefusedException refusal) {
        String message = refusal.getMessage();
        return message == null ? refusal.code.name() : message;
    }
}
