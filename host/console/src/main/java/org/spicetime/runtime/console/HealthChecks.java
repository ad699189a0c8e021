// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.HealthComponent;

/**
 * Offers the parts of {@code systemHealth} as Felix health checks, so that one set of checks is
 * behind the API, {@code /readyz}, the console's page and whatever else runs health checks by tag.
 * Thread-safe.
 */
@Component(service = {})
public final class HealthChecks {
    static final String TAG = "domain-runtime";

    private final List<ServiceRegistration<HealthCheck>> registrations = new ArrayList<>();
    private final Domains domains;

    @Activate
    public HealthChecks(BundleContext context, @Reference Domains domains) {
        this.domains = domains;
        register(context, "domains", name -> name.startsWith("domain:"));
        register(context, "bundles", name -> name.matches("(bundle|deploy):.*"));
        register(context, "configuration files", name -> name.startsWith("file:"));
        for (String part :
                List.of(
                        "scheduler",
                        "store",
                        "plugins",
                        "memory",
                        "disk",
                        "hardware",
                        "native-access")) {
            register(context, part, part::equals);
        }
    }

    private void register(BundleContext context, String name, Predicate<String> belongs) {
        registrations.add(
                context.registerService(
                        HealthCheck.class,
                        () -> result(belongs),
                        FrameworkUtil.asDictionary(
                                Map.of(
                                        HealthCheck.NAME,
                                        "Domain Runtime: " + name,
                                        HealthCheck.TAGS,
                                        new String[] {TAG}))));
    }

    private Result result(Predicate<String> belongs) {
        FormattingResultLog log = new FormattingResultLog();
        boolean found = false;
        for (HealthComponent part : domains.health().components()) {
            if (!belongs.test(part.name())) continue;
            found = true;
            String line =
                    SheetText.cell(part.name())
                            + (part.message() == null ? "" : ": " + SheetText.cell(part.message()));
            switch (part.status()) {
                case HEALTHY, CHECKING -> log.info("{}", line);
                case DEGRADED -> log.warn("{}", line);
                case UNHEALTHY -> log.critical("{}", line);
            }
        }
        if (!found) log.info("nothing to report");
        return new Result(log);
    }

    /** Takes them back. */
    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
