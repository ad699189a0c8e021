// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.task.Task;

/** What all commands do alike: find what is named, wait for the answer, say why not. */
final class Command {
    /** By whom changes are made. */
    static final String ACTOR = "shell";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Command() {}

    /** Runs a command; a refusal becomes one sentence behind its code. */
    static String run(Supplier<String> body) {
        try {
            return body.get();
        } catch (RefusedException refused) {
            throw refused(refused.code().name(), refused.getMessage());
        } catch (IllegalArgumentException malformed) {
            throw refused(RequestErrorCode.BAD_USER_INPUT.name(), malformed.getMessage());
        }
    }

    private static CommandRefusedException refused(String code, @Nullable String message) {
        return new CommandRefusedException(code + ": " + Text.printable(message));
    }

    /** The domain; what is changed through it is noted as changed by the shell. */
    static Domain domain(Domains domains, String id) {
        return domains.find(DomainId.of(id))
                .orElseThrow(() -> RefusedException.notFound("domain", id))
                .by(new ChangedBy(ACTOR, ConfigSource.CONSOLE));
    }

    static Task task(Domains domains, String id) {
        return domains.findTask(TaskId.parse(id))
                .orElseThrow(() -> RefusedException.notFound("task", id));
    }

    /** What the stage completes with. */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new CommandRefusedException(
                    "REQUEST_TIMEOUT: no answer within "
                            + PATIENCE.toSeconds()
                            + " s; the change may still come, look again.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandRefusedException("REQUEST_TIMEOUT: interrupted while waiting.");
        }
    }
}
