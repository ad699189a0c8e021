// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;
/** face */
public final class RecordBinder<P extends Record> {
    public static <P extends Record> RecordBinder<P> of(Class<P> type) { throw new IllegalStateException(type.getName()); }
    public P bind(org.spicetime.runtime.api.@org.jspecify.annotations.Nullable Payload payload) { throw new IllegalStateException(); }
    public String schema() { return "{}"; }
}
