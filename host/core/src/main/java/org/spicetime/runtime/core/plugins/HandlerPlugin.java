// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.core.payload.RecordBinder;
import org.spicetime.runtime.core.payload.RecordWriter;

/** A task handler that can be chosen now, its payload bound and its result written. Thread-safe. */
public final class HandlerPlugin implements Plugin {

    private final HandlerDescriptor<?, ?> descriptor;
    private final @Nullable PluginOrigin origin;
    private final Typed<?, ?> typed;

    private HandlerPlugin(
            HandlerDescriptor<?, ?> descriptor, @Nullable PluginOrigin origin, Typed<?, ?> typed) {
        this.descriptor = descriptor;
        this.origin = origin;
        this.typed = typed;
    }

    /**
     * Reads the descriptor and the records of a handler: foreign code, call it under guard.
     *
     * @throws IllegalArgumentException if they are not as the contract says
     */
    static <P extends Record, R extends Record> HandlerPlugin of(
            TaskHandler<P, R> handler, @Nullable PluginOrigin origin) {
        @SuppressWarnings("NullAway") // a handler may break its contract
        @Nullable HandlerDescriptor<P, R> told = handler.descriptor();
        if (told == null) {
            throw new IllegalArgumentException("descriptor() answered null");
        }
        return new HandlerPlugin(
                told,
                origin,
                new Typed<>(
                        handler, RecordBinder.of(told.payload()), RecordWriter.of(told.result())));
    }

    /** What it is, as it said once. */
    public HandlerDescriptor<?, ?> descriptor() {
        return descriptor;
    }

    @Override
    public String name() {
        return descriptor.name();
    }

    @Override
    public String pluginVersion() {
        return descriptor.version();
    }

    @Override
    public @Nullable PluginOrigin origin() {
        return origin;
    }

    /** JSON Schema of its payload, as JSON text. */
    public String payloadSchema() {
        return typed.binder().schema();
    }

    /** JSON Schema of its result, as JSON text. */
    public String resultSchema() {
        return typed.writer().schema();
    }

    /**
     * Whether the handler can take this payload; at admission.
     *
     * @param payload null: all defaults
     * @throws RefusedException BAD_USER_INPUT with the field, below {@code payload}
     */
    public void check(@Nullable Payload payload) {
        typed.binder().bind(payload);
    }

    /**
     * Binds the payload, runs one attempt on the calling thread, and writes the result.
     *
     * @return the result; null: the handler returned nothing
     * @throws RefusedException if the payload does not fit or the result is too large
     * @throws Exception what the handler threw
     */
    public @Nullable Payload invoke(@Nullable Payload payload, TaskContext context)
            throws Exception {
        return typed.invoke(payload, context);
    }

    private record Typed<P extends Record, R extends Record>(
            TaskHandler<P, R> handler, RecordBinder<P> binder, RecordWriter<R> writer) {

        @Nullable Payload invoke(@Nullable Payload payload, TaskContext context) throws Exception {
            P bound = binder.bind(payload);
            @SuppressWarnings("NullAway") // a handler may break its contract
            @Nullable R result = handler.run(bound, context);
            return result == null ? null : writer.write(result);
        }
    }
}
