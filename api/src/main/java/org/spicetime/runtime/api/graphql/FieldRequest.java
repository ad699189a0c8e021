// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.graphql;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.security.Caller;

/** One request for one field. Immutable. */
@ProviderType
public interface FieldRequest {
    /**
     * The object the field belongs to; null for a root field. Of a field added to a type of the
     * host it is a value of this API, such as {@code Domain} for {@code DomainRuntime} or {@code
     * Task}; of a type of the contribution it is what its own fetcher answered.
     *
     * @return the object the parent field answered
     */
    @Nullable Object source();

    /**
     * The arguments, defaults filled in.
     *
     * @return an immutable map
     */
    Map<String, @Nullable Object> arguments();

    /**
     * Who asks.
     *
     * @return never anonymous
     */
    Caller caller();
}
