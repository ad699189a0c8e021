// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.core.plugins.PluginListener;

/**
 * Brings plugins that come to the domains that want them, and takes those that go out of the
 * domains that use them. Called by any thread: what comes is put in charge by a control thread,
 * what goes is replaced before the call returns, because its service is released then.
 */
final class PluginEvents implements PluginListener {

    private static final Logger LOG = LoggerFactory.getLogger(PluginEvents.class);

    private final Executor control;
    private final Supplier<Collection<HostedDomain>> domains;

    PluginEvents(Executor control, Supplier<Collection<HostedDomain>> domains) {
        this.control = control;
        this.domains = domains;
    }

    @Override
    public void arrived(PluginKind kind, String name) {
        // Another one of the same name may have been in charge.
        left(kind, name);
        try {
            control.execute(() -> domains.get().forEach(domain -> offer(domain, kind, name)));
        } catch (RejectedExecutionException hostStops) {
            LOG.debug("{} {} came while the host stops", kind, name);
        }
    }

    private static void offer(HostedDomain domain, PluginKind kind, String name) {
        try {
            domain.pluginCame(kind, name);
        } catch (RuntimeException e) {
            LOG.error("domain={}: {} {} could not be put in charge", domain.id(), kind, name, e);
        }
    }

    @Override
    public void left(PluginKind kind, String name) {
        for (HostedDomain domain : domains.get()) {
            domain.body().seats.left(kind, name);
        }
    }
}
