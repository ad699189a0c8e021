// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.core.config.Choosable;
import org.spicetime.runtime.core.dispatch.HandlerSource;
import org.spicetime.runtime.core.plugins.AllocatorPlugin;
import org.spicetime.runtime.core.plugins.HandlerPlugin;
import org.spicetime.runtime.core.plugins.PluginRegistry;
import org.spicetime.runtime.core.plugins.PolicyPlugin;

/** The plugins deployed now, as domains ask for them. Thread-safe. */
final class Deployed implements Choosable, HandlerSource {

    private final PluginRegistry registry;
    private final boolean durable;

    Deployed(PluginRegistry registry, boolean durable) {
        this.registry = registry;
        this.durable = durable;
    }

    PluginRegistry registry() {
        return registry;
    }

    /** The policy of this name, if this domain can have it now. */
    Optional<PolicyPlugin> policy(String name, DomainId domain) {
        return registry.policy(name, domain);
    }

    /** The allocation strategy of this name, if this domain can have it now. */
    Optional<AllocatorPlugin> allocator(String name, DomainId domain) {
        return registry.allocator(name, domain);
    }

    /** The handler a request asks for, its type's default filled in. */
    HandlerPlugin handlerOf(TaskRequest request) {
        String name = request.handler();
        if (name != null) {
            return registry.handler(name)
                    .orElseThrow(() ->
                            RefusedException.notAvailable(
                                    "handler", name, registry.handlerNames()));
        }
        return registry.defaultHandler(request.type())
                .orElseThrow(() ->
                        RefusedException.notAvailable(
                                "handler",
                                "the default for " + request.type(),
                                registry.handlerNames()));
    }

    @Override
    public Optional<Bound> find(String name) {
        return registry.handler(name).map(plugin -> plugin::invoke);
    }

    @Override
    public Collection<String> policies() {
        return registry.policyNames();
    }

    @Override
    public Collection<String> allocators() {
        return registry.allocatorNames();
    }

    @Override
    public void checkPolicyParameters(String policy, Map<String, Object> parameters) {
        registry.policy(policy).ifPresent(plugin -> plugin.options(parameters));
    }

    @Override
    public void checkAllocator(String allocator, long poolBytes, Map<String, Object> parameters) {
        registry.allocator(allocator)
                .ifPresent(plugin -> {
                    plugin.options(parameters);
                    if (poolBytes > plugin.descriptor().maxPoolBytes()) {
                        throw RefusedException.outOfRange(
                                "memory.poolSize",
                                poolBytes,
                                "at most "
                                        + plugin.descriptor().maxPoolBytes()
                                        + " with "
                                        + allocator);
                    }
                });
    }

    @Override
    public boolean durable() {
        return durable;
    }
}
