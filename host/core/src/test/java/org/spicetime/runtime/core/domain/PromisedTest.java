// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.core.dispatch.DomainGuard;

final class PromisedTest {

    private final DomainGuard guard = new DomainGuard();
    private String present = "STOPPING";
    private final Promised<String> promised = new Promised<>(guard, () -> present);

    @Test
    void allWhoAskAreToldOnceTheGuardIsReleasedWhatWasSoInside() {
        assertThat(promised.pending()).isNull();
        CompletableFuture<String> first = promised.stage().toCompletableFuture();
        assertThat(promised.stage()).isSameAs(first);
        assertThat(promised.pending()).isSameAs(first);
        AtomicBoolean toldInside = new AtomicBoolean();
        CompletableFuture<Void> heard = first.thenAccept(state -> toldInside.set(guard.isHeld()));
        guard.enter();
        try {
            present = "STOPPED";
            promised.kept();
            present = "STARTING";
            assertThat(first).isNotDone();
        } finally {
            guard.leave();
        }
        assertThat(heard).isCompleted();
        assertThat(toldInside).isFalse();
        assertThat(first.join()).isEqualTo("STOPPED");
    }

    @Test
    void whatDoesNotComeAboutIsAConflictAndCanBePromisedAnew() {
        CompletableFuture<String> first = promised.stage().toCompletableFuture();
        guard.enter();
        try {
            promised.broken("domain \"d\" was resumed before it had stopped");
            assertThat(first).isNotDone();
        } finally {
            guard.leave();
        }
        CompletionException failed = catchThrowableOfType(CompletionException.class, first::join);
        assertThat(failed.getCause())
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(RequestErrorCode.CONFLICT))
                .hasMessage("domain \"d\" was resumed before it had stopped");
        assertThat(promised.stage()).isNotSameAs(first).isNotDone();
    }

    @Test
    void nobodyIsToldWhatNobodyWasPromised() {
        guard.enter();
        try {
            promised.kept();
            promised.broken("nobody asked");
        } finally {
            guard.leave();
        }
        assertThat(promised.pending()).isNull();
    }
}
