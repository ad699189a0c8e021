// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.plugins.Plugin;
import org.spicetime.runtime.core.plugins.PluginRegistry;

final class EjectionsTest {

    private final DomainGuard guard = new DomainGuard();
    private final List<Ejection> quarantined = new ArrayList<>();
    private final Plugin plugin = policy("FRAGILE");
    private final Plugin another = policy("SOUND");
    private final Ejections ejections = new Ejections(guard, this::quarantine);

    @Test
    void aPluginLeavesUntilItsQuarantineIsKnownAndThatIsToldWithoutTheGuard() {
        guard.enter();
        try {
            ejections.begin(plugin);
        } finally {
            guard.leave();
        }
        assertThat(ejections.leaves(plugin)).isTrue();
        assertThat(ejections.leaves(another)).isFalse();
        Ejection ejection = ejection(EjectionReason.EXCEPTION, "apply() threw");
        ejections.complete(ejection, plugin);
        assertThat(quarantined).containsExactly(ejection);
        assertThat(ejections.leaves(plugin)).isFalse();
    }

    @Test
    void onesThatAreGoneAlreadyCountAsWell() {
        ejections.begin(null);
        ejections.begin(plugin);
        ejections.complete(ejection(EjectionReason.BUNDLE_GONE, "its bundle has left"), null);
        assertThat(ejections.count()).isEqualTo(2);
        assertThat(ejections.leaves(plugin)).isTrue();
        assertThat(ejections.leaves(null)).isFalse();
    }

    @Test
    void theReasonNamesThePluginUnlessItsBundleHasLeft() {
        assertThat(Ejections.reason(ejection(EjectionReason.EXCEPTION, "apply() threw")))
                .isEqualTo("FRAGILE was ejected (EXCEPTION): apply() threw");
        assertThat(Ejections.reason(ejection(EjectionReason.BUNDLE_GONE, "its bundle has left")))
                .isEqualTo("its bundle has left");
    }

    private void quarantine(Ejection ejection) {
        assertThat(guard.isHeld()).isFalse();
        assertThat(ejections.leaves(plugin)).as("while its quarantine is under way").isTrue();
        quarantined.add(ejection);
    }

    private static Plugin policy(String name) {
        PluginRegistry registry = new PluginRegistry();
        registry.addPolicy(new TestHost.Keyed(name, task -> task.seq()), TestHost.BUNDLE);
        return registry.policy(name).orElseThrow();
    }

    private static Ejection ejection(EjectionReason reason, String message) {
        return new Ejection(
                UUID.randomUUID(),
                Instant.EPOCH,
                PluginKind.SCHEDULING_POLICY,
                "FRAGILE",
                "1.0.0",
                TestHost.BUNDLE.bundle(),
                TestHost.BUNDLE.version(),
                null,
                reason,
                message,
                "SAFE_FIFO",
                Duration.ZERO,
                Map.of());
    }
}
