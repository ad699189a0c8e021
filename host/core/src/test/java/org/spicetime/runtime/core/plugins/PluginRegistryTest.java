// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.task.TaskType;

final class PluginRegistryTest {

    private static final PluginOrigin BUNDLE = PluginOrigin.of("test.bundle", "1.0.0");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final PluginRegistry registry = new PluginRegistry(now::get, Duration.ofSeconds(30));
    private final CatalogueService catalogue = new CatalogueService(registry);
    private final List<String> told = new ArrayList<>();

    private Watch listen() {
        return registry.listen(
                new PluginListener() {
                    @Override
                    public void arrived(PluginKind kind, String name) {
                        told.add("+" + name);
                    }

                    @Override
                    public void left(PluginKind kind, String name) {
                        told.add("-" + name);
                    }
                });
    }

    @Test
    void theFallbacksAreAlwaysThere() {
        assertThat(registry.policyNames()).containsExactly("SAFE_FIFO");
        assertThat(registry.allocatorNames()).containsExactly("FIRST_FIT");
        assertThat(registry.handlerNames()).isEmpty();
        assertThat(registry.policy("SAFE_FIFO").orElseThrow().bundle()).isNull();
    }

    @Test
    void aPolicyComesAndGoesAndListenersAreTold() {
        Watch watch = listen();
        Plugins.Factory factory = new Plugins.Factory("MINE");
        assertThat(registry.addPolicy(factory, BUNDLE)).isTrue();
        assertThat(registry.policy("MINE")).isPresent();
        assertThat(registry.policyNames()).containsExactly("MINE", "SAFE_FIFO");
        registry.remove(factory);
        assertThat(registry.policy("MINE")).isEmpty();
        watch.close();
        registry.addPolicy(factory, BUNDLE);
        assertThat(told).containsExactly("+MINE", "-MINE");
    }

    @Test
    void ofTwoWithOneNameTheHigherRankingWinsAndTheOtherTakesOver() {
        listen();
        Plugins.Factory old = new Plugins.Factory("MINE");
        Plugins.Factory better = new Plugins.Factory("MINE");
        registry.addPolicy(old, new PluginOrigin("old", "1.0.0", 0, 1));
        registry.addPolicy(better, new PluginOrigin("better", "1.0.0", 5, 2));
        assertThat(registry.policy("MINE").orElseThrow().bundle()).isEqualTo("better");
        assertThat(registry.problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.origin().bundle()).isEqualTo("old");
                    assertThat(problem.message()).contains("better");
                });
        registry.remove(better);
        assertThat(registry.policy("MINE").orElseThrow().bundle()).isEqualTo("old");
        assertThat(registry.problems()).isEmpty();
        assertThat(told).containsExactly("+MINE", "-MINE", "+MINE", "-MINE", "+MINE");
    }

    @Test
    void ofTwoEquallyRankedTheOlderServiceWins() {
        listen();
        registry.addPolicy(new Plugins.Factory("MINE"), new PluginOrigin("b", "1", 0, 2));
        registry.addPolicy(new Plugins.Factory("MINE"), new PluginOrigin("c", "1", 0, 3));
        assertThat(registry.policy("MINE").orElseThrow().bundle()).isEqualTo("b");
        assertThat(told).containsExactly("+MINE");
        registry.addPolicy(new Plugins.Factory("MINE"), new PluginOrigin("a", "1", 0, 1));
        assertThat(registry.policy("MINE").orElseThrow().bundle()).isEqualTo("a");
    }

    @Test
    void aListenerThatThrowsDoesNotHinderTheOthers() {
        registry.listen(
                new PluginListener() {
                    @Override
                    public void arrived(PluginKind kind, String name) {
                        throw new IllegalStateException("bad listener");
                    }

                    @Override
                    public void left(PluginKind kind, String name) {
                        throw new IllegalStateException("bad listener");
                    }
                });
        listen();
        Plugins.Factory factory = new Plugins.Factory("MINE");
        registry.addPolicy(factory, BUNDLE);
        registry.remove(factory);
        assertThat(told).containsExactly("+MINE", "-MINE");
    }

    @Test
    void theDefaultHandlerOfATypeIsTheOneRankedHighest() {
        registry.addHandler(
                new Plugins.Greeter("greet.a", TaskType.IO), new PluginOrigin("a", "1", 0, 1));
        registry.addHandler(
                new Plugins.Greeter("greet.b", TaskType.IO), new PluginOrigin("b", "1", 1, 2));
        assertThat(registry.defaultHandler(TaskType.IO).orElseThrow().name()).isEqualTo("greet.b");
        assertThat(registry.defaultHandler(TaskType.NETWORK)).isEmpty();
        registry.eject(
                PluginKind.TASK_HANDLER,
                "greet.b",
                Plugins.ejection(PluginKind.TASK_HANDLER, "greet.b", EjectionReason.EXCEPTION));
        assertThat(registry.defaultHandler(TaskType.IO).orElseThrow().name()).isEqualTo("greet.a");
    }

    private void eject(String name, EjectionReason reason) {
        registry.eject(
                PluginKind.SCHEDULING_POLICY,
                name,
                Plugins.ejection(PluginKind.SCHEDULING_POLICY, name, reason));
    }

    private CatalogueEntry.Facts facts(String name) {
        return catalogue.policies().stream()
                .map(CatalogueEntry.PolicyEntry::facts)
                .filter(facts -> facts.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anEjectedPolicyIsNotOfferedUntilItsQuarantineEnds() {
        registry.addPolicy(new Plugins.Factory("MINE"), BUNDLE);
        listen();
        eject("MINE", EjectionReason.HUNG);
        assertThat(registry.policy("MINE")).isEmpty();
        assertThat(registry.policyNames()).containsExactly("SAFE_FIFO");
        assertThat(facts("MINE").state()).isEqualTo(CatalogueState.QUARANTINED);
        assertThat(facts("MINE").quarantinedUntil()).isEqualTo(Instant.EPOCH.plusSeconds(60));
        registry.releaseExpired();
        assertThat(told).isEmpty();

        now.set(Instant.EPOCH.plusSeconds(60));
        assertThat(registry.policy("MINE")).isPresent();
        registry.releaseExpired();
        registry.releaseExpired();
        assertThat(told).containsExactly("+MINE");
        assertThat(facts("MINE").state()).isEqualTo(CatalogueState.ACTIVE);
        assertThat(facts("MINE").ejections()).hasSize(1);
    }

    @Test
    void quarantinesDoubleUpToAnHour() {
        registry.addPolicy(new Plugins.Factory("MINE"), BUNDLE);
        List<Long> minutes = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            eject("MINE", EjectionReason.EXCEPTION);
            Instant until = Objects.requireNonNull(facts("MINE").quarantinedUntil());
            minutes.add(Duration.between(now.get(), until).toMinutes());
            now.set(until);
        }
        assertThat(minutes).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void reinstatingEndsAQuarantineAndForgetsIt() {
        registry.addPolicy(new Plugins.Factory("MINE"), BUNDLE);
        listen();
        assertThat(registry.reinstate(PluginKind.SCHEDULING_POLICY, "MINE")).isFalse();
        eject("MINE", EjectionReason.SLOW);
        eject("MINE", EjectionReason.SLOW);
        assertThat(registry.reinstate(PluginKind.SCHEDULING_POLICY, "MINE")).isTrue();
        assertThat(registry.policy("MINE")).isPresent();
        assertThat(told).containsExactly("+MINE");
        eject("MINE", EjectionReason.SLOW);
        assertThat(facts("MINE").quarantinedUntil()).isEqualTo(now.get().plusSeconds(60));
    }

    @Test
    void anotherVersionOfTheBundleIsTrustedAgain() {
        Plugins.Factory bad = new Plugins.Factory("MINE");
        registry.addPolicy(bad, BUNDLE);
        eject("MINE", EjectionReason.LOST);
        registry.remove(bad);
        registry.addPolicy(bad, BUNDLE);
        assertThat(registry.policy("MINE")).as("same version").isEmpty();
        registry.remove(bad);
        registry.addPolicy(new Plugins.Factory("MINE"), PluginOrigin.of("test.bundle", "1.0.1"));
        assertThat(registry.policy("MINE")).as("new version").isPresent();
    }

    @Test
    void aBundleThatWasStoppedIsNotQuarantined() {
        registry.addPolicy(new Plugins.Factory("MINE"), BUNDLE);
        eject("MINE", EjectionReason.BUNDLE_GONE);
        assertThat(registry.policy("MINE")).isPresent();
        assertThat(registry.ejections(PluginKind.SCHEDULING_POLICY, "MINE")).hasSize(1);
    }

    @Test
    void theFallbackCannotBeQuarantined() {
        eject("SAFE_FIFO", EjectionReason.EXCEPTION);
        assertThat(registry.policy("SAFE_FIFO")).isPresent();
        assertThat(facts("SAFE_FIFO").state()).isEqualTo(CatalogueState.ACTIVE);
    }

    @Test
    void ejectionsAreKeptNewestFirstAndBounded() {
        registry.addPolicy(new Plugins.Factory("MINE"), BUNDLE);
        for (int i = 0; i < Quarantine.KEPT; i++) {
            eject("MINE", EjectionReason.SLOW);
        }
        eject("MINE", EjectionReason.HUNG);
        assertThat(facts("MINE").ejections()).hasSize(Quarantine.KEPT);
        assertThat(facts("MINE").ejections().getFirst().reason()).isEqualTo(EjectionReason.HUNG);
    }

    @Test
    void theCatalogueShowsWhatIsDeployedAndWhoUsesIt() {
        registry.addPolicy(
                new Plugins.Factory(
                        "MINE", OptionSpec.number("depth", 4, 1, 9, "tasks", "How deep.")),
                BUNDLE);
        registry.addHandler(new Plugins.Greeter("greet", TaskType.IO), BUNDLE);
        FakeUsage usage = new FakeUsage();
        usage.configured.put(DomainId.of("scoring"), "MINE");
        registry.usage(usage);
        CatalogueEntry.Facts facts = facts("MINE");
        assertThat(facts.version()).isEqualTo("1.2.3");
        assertThat(facts.bundle()).isEqualTo("test.bundle");
        assertThat(facts.bundleVersion()).isEqualTo("1.0.0");
        assertThat(facts.usedBy()).containsExactly(DomainId.of("scoring"));
        assertThat(facts.parametersSchema())
                .contains(
                        "\"depth\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":9,\"default\":4,"
                                + "\"description\":\"How deep. In tasks.\"}");
        assertThat(facts("SAFE_FIFO").bundle()).isNull();
        assertThat(catalogue.allocators()).hasSize(1);
        assertThat(catalogue.handlers())
                .singleElement()
                .satisfies(handler -> {
                    assertThat(handler.defaultFor()).containsExactly(TaskType.IO);
                    assertThat(handler.facts().parametersSchema())
                            .contains("\"default\":\"world\"");
                    assertThat(handler.resultSchema()).contains("\"text\"");
                });
    }
}
