// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Facts of a refusal, as values of the JDK. */
final class PlainFacts {
    private PlainFacts() {}

    static Object of(Object fact) {
        return switch (fact) {
            case Boolean flag -> flag;
            case Integer number -> number;
            case Long number -> number;
            case Double number -> number;
            case Map<?, ?> map -> {
                Map<String, Object> members = new LinkedHashMap<>();
                map.forEach((name, member) -> members.put(String.valueOf(name), of(member)));
                yield members;
            }
            case Collection<?> items -> {
                List<Object> list = new ArrayList<>();
                for (Object item : items) list.add(of(item));
                yield list;
            }
            default -> fact.toString();
        };
    }
}
