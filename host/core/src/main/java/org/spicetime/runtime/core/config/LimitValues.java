// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.TaskLimit;
import org.spicetime.runtime.api.error.RefusedException;

/** Limits of tasks as lists of members, which is how configurations are written. Thread-safe. */
final class LimitValues {

    static final String RANGE =
            "a list of at most "
                    + TaskLimit.MOST
                    + " objects of handler, concurrencyKey, maxRunning, rate, burst";

    private static final Set<String> MEMBERS =
            Set.of("handler", "concurrencyKey", "maxRunning", "rate", "burst");

    private LimitValues() {}

    /**
     * The members of each limit, complete; a limit named twice is a contradiction.
     *
     * @throws RefusedException the path of the member at fault, its value and its range
     */
    static List<Map<String, Object>> read(String path, Object raw) {
        if (!(raw instanceof Collection<?> all) || all.size() > TaskLimit.MOST) {
            throw RefusedException.outOfRange(path, Shown.of(raw), RANGE);
        }
        List<TaskLimit> limits = new ArrayList<>();
        for (Object one : all) {
            String place = path + "[" + limits.size() + "]";
            TaskLimit limit = one(place, one);
            for (int i = 0; i < limits.size(); i++) {
                if (sameTasks(limits.get(i), limit)) {
                    throw RefusedException.badInput(
                            place,
                            "is about the same handler and concurrencyKey as "
                                    + path
                                    + "["
                                    + i
                                    + "]; give one limit with all bounds");
                }
            }
            limits.add(limit);
        }
        return shown(limits);
    }

    private static boolean sameTasks(TaskLimit left, TaskLimit right) {
        return Objects.equals(left.handler(), right.handler())
                && Objects.equals(left.concurrencyKey(), right.concurrencyKey());
    }

    private static TaskLimit one(String path, @Nullable Object raw) {
        if (!(raw instanceof Map<?, ?> members)) {
            throw RefusedException.outOfRange(path, Shown.of(raw), RANGE);
        }
        for (Object name : members.keySet()) {
            if (!MEMBERS.contains(String.valueOf(name))) {
                throw RefusedException.badInput(
                        path, "there is no setting " + Shown.of(name) + "; it is " + RANGE);
            }
        }
        try {
            return new TaskLimit(
                    text(path + ".handler", members.get("handler")),
                    text(path + ".concurrencyKey", members.get("concurrencyKey")),
                    whole(path + ".maxRunning", members.get("maxRunning"), 0),
                    real(path + ".rate", members.get("rate")),
                    whole(path + ".burst", members.get("burst"), 1));
        } catch (IllegalArgumentException malformed) {
            throw RefusedException.badInput(path, String.valueOf(malformed.getMessage()));
        }
    }

    private static @Nullable String text(String path, @Nullable Object raw) {
        if (raw == null || raw instanceof String) {
            return (String) raw;
        }
        throw RefusedException.outOfRange(path, Shown.of(raw), "a text");
    }

    private static int whole(String path, @Nullable Object raw, int other) {
        Kind kind = new Kind.Whole(0, Integer.MAX_VALUE, 1, "");
        return raw == null ? other : Math.toIntExact((Long) kind.read(path, raw));
    }

    private static double real(String path, @Nullable Object raw) {
        return raw == null ? 0 : Kind.Numbers.real(path, raw, "0 .. " + TaskLimit.HIGHEST_RATE);
    }

    /** As they are kept. */
    static List<Map<String, Object>> shown(List<TaskLimit> limits) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (TaskLimit limit : limits) {
            Map<String, Object> members = new LinkedHashMap<>();
            if (limit.handler() != null) members.put("handler", limit.handler());
            if (limit.concurrencyKey() != null) {
                members.put("concurrencyKey", limit.concurrencyKey());
            }
            members.put("maxRunning", (long) limit.maxRunning());
            members.put("rate", limit.rate());
            members.put("burst", (long) limit.burst());
            all.add(members);
        }
        return List.copyOf(all);
    }

    /** The limits of what {@link #read} made. */
    static List<TaskLimit> limits(Object kept) {
        List<TaskLimit> limits = new ArrayList<>();
        if (kept instanceof Collection<?> all) {
            for (Object one : all) {
                limits.add(one("tasks.limits", one));
            }
        }
        return limits;
    }
}
