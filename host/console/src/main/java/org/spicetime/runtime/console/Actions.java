// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;

/** Carries out what the page asks for, in the name of who asks. Thread-safe. */
@Component(service = Actions.class)
public final class Actions {
    private static final Logger LOG = LoggerFactory.getLogger(Actions.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Domains domains;
    private final Catalogue catalogue;

    @Activate
    public Actions(@Reference Domains domains, @Reference Catalogue catalogue) {
        this.domains = domains;
        this.catalogue = catalogue;
    }

    void control(DomainAction action, String domain, Caller caller) {
        require(caller, Role.OPERATOR);
        LOG.info("{} asks to {} domain={}", caller.name(), action.word(), DomainId.of(domain));
        await(
                action.on(
                        domains.find(DomainId.of(domain))
                                .orElseThrow(() -> RefusedException.notFound("domain", domain))
                                .by(new ChangedBy(caller.name(), ConfigSource.CONSOLE))));
    }

    void reinstate(PluginKind kind, String name, Caller caller) {
        require(caller, Role.ADMIN);
        await(catalogue.reinstate(kind, name, caller.name()));
    }

    private static void require(Caller caller, Role role) {
        if (caller.role().compareTo(role) < 0) {
            throw new RefusedException(
                    RequestErrorCode.FORBIDDEN, "this takes the role " + role, Map.of());
        }
    }

    private static void await(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedException refused) throw refused;
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new RefusedException(
                    RequestErrorCode.REQUEST_TIMEOUT,
                    "no answer within " + PATIENCE.toSeconds() + " s; the change may still come",
                    Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(RequestErrorCode.SHUTTING_DOWN, "interrupted", Map.of());
        }
    }
}
