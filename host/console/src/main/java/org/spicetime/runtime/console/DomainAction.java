// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;

/** What the page can do to a domain. */
enum DomainAction {
    /** Starts it. */
    START,
    /** Dispatches nothing more. */
    PAUSE,
    /** Ends a pause or a drain. */
    RESUME;

    static DomainAction of(String word) {
        return Arrays.stream(values())
                .filter(action -> action.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "the action must be start, pause, resume or reinstate"));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    CompletionStage<DomainState> on(Domain domain) {
        return switch (this) {
            case START -> domain.start();
            case PAUSE -> domain.pause();
            case RESUME -> domain.resume();
        };
    }
}
