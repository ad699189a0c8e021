// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import org.jspecify.annotations.Nullable;

/** A bundle did not answer as its fragment promises. Its message is for the log. */
final class ContributionFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    ContributionFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
