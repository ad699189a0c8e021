// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import org.jspecify.annotations.Nullable;

/**
 * The store refused, or could not do, what was asked for.
 *
 * <p>Immutable.
 */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The reason; also decides whether the outcome is known. */
    private final Reason reason;

    /** Why the store refused or failed. Immutable. */
    public enum Reason {
        /** Another process has the store open. */
        LOCKED(false),
        /** The store was written by a newer version of this code. */
        NEWER_SCHEMA(false),
        /** Another owner has the domain; stop it at once and start nothing in it. */
        FENCED(true),
        /** The lease holds, but the task was not in the state the event expects; a late event. */
        STALE(false),
        /** Another task was admitted under the same idempotency key in the meantime. */
        DUPLICATE_KEY(false),
        /** The queue of the writer is full; try again soon. */
        OVERLOADED(false),
        /** Little disk space is left; what grows the store is refused. */
        DISK_FULL(false),
        /** After an error the store takes nothing that grows it. */
        READ_ONLY(false),
        /** Stored data does not match its check sum. */
        DAMAGED(false),
        /** The commit failed or did not answer in time; what was appended may hold or not. */
        COMMIT_FAILED(true),
        /** Reading took longer than the store allows; ask for less, or more narrowly. */
        TIMEOUT(false),
        /** The disk, file or connection failed while reading. */
        IO(false),
        /** This store cannot do that at all. */
        NOT_SUPPORTED(false),
        /** The store is not open, or no longer. */
        CLOSED(false);

        private final boolean outcomeUnknown;

        Reason(boolean outcomeUnknown) {
            this.outcomeUnknown = outcomeUnknown;
        }

        /**
         * Whether what was asked for may have happened nevertheless. Then a client repeats with its
         * idempotency key.
         *
         * @return false: nothing happened
         */
        public boolean outcomeUnknown() {
            return outcomeUnknown;
        }
    }

    /**
     * A refusal.
     *
     * @param reason why
     * @param message what, on which thing, with which value
     */
    public StoreException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * A failure with a cause.
     *
     * @param reason why
     * @param message what, on which thing, with which value
     * @param cause the error behind it; null: none
     */
    public StoreException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
