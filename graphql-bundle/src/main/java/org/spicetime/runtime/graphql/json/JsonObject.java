// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of an object in their order. Made to be gone through, as an answer is: looking for a
 * name goes through all of them. Immutable as far as its lists are.
 */
public final class JsonObject extends AbstractMap<String, @Nullable Object> {
    private final List<String> names;
    private final List<? extends @Nullable Object> values;

    /**
     * @param names each of them once; must not change
     * @param values in the same order; must not change
     */
    public JsonObject(List<String> names, List<? extends @Nullable Object> values) {
        if (names.size() != values.size()) {
            throw new IllegalArgumentException(
                    names.size() + " names of " + values.size() + " values");
        }
        this.names = names;
        this.values = values;
    }

    List<String> names() {
        return names;
    }

    @Nullable Object value(int index) {
        return values.get(index);
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
        return new Members();
    }

    private final class Members extends AbstractSet<Entry<String, @Nullable Object>> {
        @Override
        public int size() {
            return names.size();
        }

        @Override
        public Iterator<Entry<String, @Nullable Object>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < names.size();
                }

                @Override
                public Entry<String, @Nullable Object> next() {
                    if (!hasNext()) throw new NoSuchElementException();
                    Map.Entry<String, @Nullable Object> member =
                            new SimpleImmutableEntry<>(names.get(next), values.get(next));
                    next++;
                    return member;
                }
            };
        }
    }
}
