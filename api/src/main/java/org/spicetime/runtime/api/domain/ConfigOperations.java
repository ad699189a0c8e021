// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The configuration of one domain and its past; see {@link Domain} for how answers and refusals
 * come. Thread-safe.
 */
@ProviderType
public interface ConfigOperations {
    /** Most revisions that are kept. */
    int MAX_REVISIONS = 100;

    /**
     * Changes the configuration, all of it or nothing. Running tasks go on; the run queue goes over
     * to a new policy.
     *
     * @param patch what is to change
     * @param expectedRevision refused with CONFLICT (both revisions in its details) unless the
     *     domain's revision is this; null: whatever it is
     * @return the domain with the new configuration; refused with BAD_USER_INPUT, CONFLICT,
     *     NOT_FOUND or RESOURCE_EXHAUSTED
     */
    CompletionStage<DomainState> configure(ConfigPatch patch, @Nullable Integer expectedRevision);

    /**
     * What {@link #configure} would lead to; refused as it would be. Changes nothing.
     *
     * @param patch what would change
     * @param expectedRevision as for {@link #configure}
     * @return the configuration that would hold, and what would change
     * @throws org.spicetime.runtime.api.error.RefusedException as {@link #configure} would refuse
     *     it
     */
    ConfigRehearsal rehearse(ConfigPatch patch, @Nullable Integer expectedRevision);

    /**
     * Brings back an earlier configuration, as a new revision.
     *
     * @param revision the one to bring back, as long as it is kept
     * @param expectedRevision as for {@link #configure}
     * @return the domain with that configuration; refused with NOT_FOUND if the revision is not
     *     kept, BAD_USER_INPUT (reason NOT_AVAILABLE) if it names a plugin that is not there any
     *     more, CONFLICT or RESOURCE_EXHAUSTED
     */
    CompletionStage<DomainState> rollback(int revision, @Nullable Integer expectedRevision);

    /**
     * What {@link #rollback} would lead to; refused as it would be. Changes nothing.
     *
     * @param revision the one that would be brought back
     * @param expectedRevision as for {@link #configure}
     * @return the configuration that would hold, and what would change
     * @throws org.spicetime.runtime.api.error.RefusedException as {@link #rollback} would refuse it
     */
    ConfigRehearsal rehearseRollback(int revision, @Nullable Integer expectedRevision);

    /**
     * The newest configurations, newest first; the one in force is the first.
     *
     * @param first most entries wanted, 0 or more; at most {@value #MAX_REVISIONS} are kept
     * @return the revisions
     */
    List<ConfigRevision> revisions(int first);

    /**
     * Where each value of the configuration in force comes from, in the order of the schema.
     *
     * @return one entry per value
     */
    List<ConfigOrigin> origins();

    /**
     * Changes what the domain is called.
     *
     * @param update what is to change
     * @return the domain with its new name, description and labels
     */
    CompletionStage<DomainState> update(DomainUpdate update);
}
