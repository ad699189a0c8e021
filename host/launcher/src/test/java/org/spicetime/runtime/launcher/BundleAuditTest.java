// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.spicetime.runtime.launcher.BundleAudit.Standing;

class BundleAuditTest {
    @ParameterizedTest
    @CsvSource({
        // state, fragment, lazy, problem
        "32, false, false, ''",
        "32, false, true,  ''",
        "8,  false, true,  ''",
        "4,  true,  false, ''",
        "8,  false, false, still starting",
        "4,  false, false, not started",
        "4,  false, true,  not started",
        "2,  true,  false, not resolved",
        "2,  false, true,  not resolved",
        "16, false, false, stopping",
        "1,  false, false, uninstalled"
    })
    void onlyFragmentsMayRestAndOnlyLazyBundlesMayWait(
            int state, boolean fragment, boolean lazy, String problem) {
        assertThat(BundleAudit.problem(new Standing(state, fragment, lazy)).orElse(""))
                .isEqualTo(problem);
    }

    @Test
    void theNumbersAboveAreTheStatesOfTheFramework() {
        assertThat(
                        new int[] {
                            Bundle.UNINSTALLED,
                            Bundle.INSTALLED,
                            Bundle.RESOLVED,
                            Bundle.STARTING,
                            Bundle.STOPPING,
                            Bundle.ACTIVE
                        })
                .containsExactly(1, 2, 4, 8, 16, 32);
    }
}
