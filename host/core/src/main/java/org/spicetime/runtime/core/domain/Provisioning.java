// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.core.provisioning.ProvisionedDomains;
import org.spicetime.runtime.core.provisioning.ProvisionedFile;

/** Creates the domains that files describe. A bad file is reported and skipped. Thread-safe. */
final class Provisioning {

    private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

    private final Function<DomainSpec, HostedDomain> creation;
    private final Map<String, String> problems = new ConcurrentSkipListMap<>();

    /**
     * Not read yet.
     *
     * @param creation makes a domain whose plugins may come later
     */
    Provisioning(Function<DomainSpec, HostedDomain> creation) {
        this.creation = creation;
    }

    /** What is wrong with files, by their names. */
    Map<String, String> problems() {
        return problems;
    }

    void read(List<Path> directories) {
        for (ProvisionedFile file : ProvisionedDomains.read(directories)) {
            switch (file) {
                case ProvisionedFile.Unreadable unreadable ->
                        problem(unreadable.file(), unreadable.problem());
                case ProvisionedFile.Described described -> {
                    try {
                        create(described.spec());
                    } catch (RefusedException refused) {
                        problem(
                                described.file(),
                                described.file() + " is not used: " + refused.getMessage());
                    }
                }
            }
        }
    }

    private void problem(Path file, String sentence) {
        LOG.error("{}", sentence);
        problems.put(String.valueOf(file.getFileName()), sentence);
    }

    private void create(DomainSpec spec) {
        HostedDomain domain = creation.apply(spec);
        if (spec.start()) {
            try {
                domain.run()
                        .start(true)
                        .whenComplete((state, failure) -> logStart(spec.id(), failure));
            } catch (RefusedException failed) {
                // The domain is FAILED and says why.
                LOG.debug("domain={} did not start", spec.id(), failed);
            }
        }
    }

    private static void logStart(DomainId id, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("domain={} did not start", id, failure);
        }
    }
}
