// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.spicetime.runtime.api.graphql.SchemaContribution;
import org.spicetime.runtime.graphql.contribution.Contributions;
import org.spicetime.runtime.graphql.contribution.Contributor;

/**
 * The contributions that bundles offer as services: they can come before there is a schema to
 * contribute to. Thread-safe.
 */
final class ContributionOffers implements AutoCloseable {
    private final BundleContext context;

    /** What ends each of them; does nothing yet before the first schema. */
    @GuardedBy("this")
    private final Map<ServiceReference<SchemaContribution>, Runnable> open = new LinkedHashMap<>();

    @GuardedBy("this")
    private @Nullable Contributions contributions;

    ContributionOffers(BundleContext context) {
        this.context = context;
    }

    synchronized void add(ServiceReference<SchemaContribution> offered) {
        Contributions known = contributions;
        open.put(offered, known == null ? () -> {} : take(known, offered));
    }

    void remove(ServiceReference<SchemaContribution> gone) {
        Runnable end;
        synchronized (this) {
            end = open.remove(gone);
        }
        if (end == null) return;
        end.run();
        context.ungetService(gone);
    }

    /** From now on, what is offered is contributed. */
    synchronized void open(Contributions given) {
        contributions = given;
        open.replaceAll((offered, _) -> take(given, offered));
    }

    private Runnable take(Contributions given, ServiceReference<SchemaContribution> offered) {
        Bundle bundle = offered.getBundle();
        // Gone meanwhile; the call that removes it follows.
        if (bundle == null) return () -> {};
        Contributor contributor =
                new Contributor(
                        String.valueOf(bundle.getSymbolicName()),
                        bundle.getVersion().toString(),
                        bundle.getBundleId(),
                        bundle.getHeaders("").get(Contributor.PREFIX_HEADER));
        long order = (Long) offered.getProperty(Constants.SERVICE_ID);
        return given.add(contributor, order, () -> context.getService(offered));
    }

    @Override
    public synchronized void close() {
        contributions = null;
        open.clear();
    }
}
