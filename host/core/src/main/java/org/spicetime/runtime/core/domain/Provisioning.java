// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.core.provisioning.ProvisionedDomains;
import org.spicetime.runtime.core.provisioning.ProvisionedFile;

/**
 * Creates the domains that files describe, as far as they are not there: what is stored wins over
 * its file. A domain that was deleted is not created again until its file has changed. A bad file
 * is reported and skipped. Thread-safe.
 */
final class Provisioning {

    private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

    private final Predicate<DomainId> present;
    private final @Nullable ProvisionedBefore before;
    private final Function<DomainSpec, HostedDomain> creation;
    private final Map<String, String> problems = new ConcurrentSkipListMap<>();

    /**
     * Not read yet.
     *
     * @param present whether a domain is there
     * @param before what was created from files by earlier runs; null: nothing outlives a run
     * @param creation makes a domain whose plugins may come later
     */
    Provisioning(
            Predicate<DomainId> present,
            @Nullable ProvisionedBefore before,
            Function<DomainSpec, HostedDomain> creation) {
        this.present = present;
        this.before = before;
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
                        provide(described.spec(), described.file());
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

    private void provide(DomainSpec spec, Path file) {
        if (present.test(spec.id())) {
            LOG.debug("domain={} is stored; its file is not looked at", spec.id());
            if (before != null) {
                before.add(spec.id(), file);
            }
        } else if (before != null && before.contains(spec.id(), file)) {
            LOG.info("domain={} was deleted and stays so until its file is changed", spec.id());
        } else {
            create(spec);
            if (before != null) {
                before.add(spec.id(), file);
            }
        }
    }

    private void create(DomainSpec spec) {
        HostedDomain domain = creation.apply(spec);
        if (spec.start()) {
            try {
                domain.run()
                        .start(true, ChangedBy.HOST)
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
