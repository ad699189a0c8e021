// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;

/** What clients see of plugins, and what operators do to them. */
final class CatalogueServiceTest {
    private static final PluginOrigin BUNDLE = PluginOrigin.of("test.bundle", "1.0.0");
    private static final PluginKind POLICY = PluginKind.SCHEDULING_POLICY;
    private static final DomainId ONE = DomainId.of("one");

    private final PluginRegistry registry = new PluginRegistry();
    private final CatalogueService catalogue = new CatalogueService(registry);
    private final FakeUsage usage = new FakeUsage();
    private final Plugins.Factory mine = new Plugins.Factory("MINE");

    @BeforeEach
    void domains() {
        registry.usage(usage);
        usage.configured.put(ONE, "OTHER");
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private CatalogueEntry.@Nullable Facts facts(String name) {
        return catalogue.policies().stream()
                .map(CatalogueEntry::facts)
                .filter(facts -> facts.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    @Test
    void anEjectedPolicyIsQuarantinedWithARecordAndComesBackWhenReinstated() throws Exception {
        registry.addPolicy(mine, BUNDLE);
        List<Ejection> ejections = get(catalogue.eject(POLICY, "MINE", null, "flaky", "alice"));
        assertThat(ejections).hasSize(1);
        Ejection ejection = ejections.getFirst();
        assertThat(ejection.reason()).isEqualTo(EjectionReason.OPERATOR);
        assertThat(ejection.message()).contains("alice", "flaky");
        assertThat(ejection.bundle()).isEqualTo("test.bundle");
        assertThat(ejection.bundleVersion()).isEqualTo("1.0.0");
        assertThat(registry.policy("MINE")).isEmpty();
        assertThat(facts("MINE")).isNotNull();
        assertThat(facts("MINE").state()).isEqualTo(CatalogueState.QUARANTINED);
        assertThat(facts("MINE").ejections()).containsExactly(ejection);
        assertThat(catalogue.ejections()).containsExactly(ejection);

        CatalogueEntry back = get(catalogue.reinstate(POLICY, "MINE", "alice"));
        assertThat(back.facts().state()).isEqualTo(CatalogueState.ACTIVE);
        assertThat(registry.policy("MINE")).isPresent();
    }

    @Test
    void anEjectionFromOneDomainLeavesTheOthersAlone() throws Exception {
        registry.addPolicy(mine, BUNDLE);
        get(catalogue.eject(POLICY, "MINE", ONE, "flaky", "alice"));
        assertThat(registry.policy("MINE", ONE)).isEmpty();
        assertThat(registry.policy("MINE", DomainId.of("two"))).isPresent();
        assertThat(registry.policyNames()).contains("MINE");
        get(catalogue.reinstate(POLICY, "MINE", "alice"));
        assertThat(registry.policy("MINE", ONE)).isPresent();
    }

    @Test
    void withoutANameAllOfTheKindAreEjectedButTheBuiltInOne() throws Exception {
        registry.addPolicy(mine, BUNDLE);
        registry.addPolicy(new Plugins.Factory("YOURS"), BUNDLE);
        assertThat(get(catalogue.eject(POLICY, null, null, "all out", "alice"))).hasSize(2);
        assertThat(registry.policyNames()).containsExactly("SAFE_FIFO");
    }

    @Test
    void nonsenseIsRefusedAndChangesNothing() {
        registry.addPolicy(mine, BUNDLE);
        refused(RequestErrorCode.NOT_FOUND, "NONE", null, "why");
        refused(RequestErrorCode.BAD_USER_INPUT, "SAFE_FIFO", null, "why");
        refused(RequestErrorCode.BAD_USER_INPUT, "MINE", null, " ");
        refused(RequestErrorCode.BAD_USER_INPUT, "MINE", null, "x".repeat(257));
        refused(RequestErrorCode.NOT_FOUND, "MINE", DomainId.of("two"), "why");
        assertThatThrownBy(() ->
                        get(catalogue.eject(PluginKind.TASK_HANDLER, null, ONE, "why", "alice")))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> get(catalogue.reinstate(POLICY, "NONE", "alice")))
                .isInstanceOf(RefusedException.class);
        assertThat(registry.policy("MINE")).isPresent();
        assertThat(catalogue.ejections()).isEmpty();
    }

    private void refused(
            RequestErrorCode code, String name, @Nullable DomainId domain, String reason) {
        assertThatThrownBy(() -> get(catalogue.eject(POLICY, name, domain, reason, "alice")))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void aPolicyThatWentStaysListedWhileADomainWantsItOrItHasARecord() {
        registry.addPolicy(mine, BUNDLE);
        registry.remove(mine);
        assertThat(facts("MINE")).isNull();
        usage.configured.put(ONE, "MINE");
        assertThat(facts("MINE")).isNotNull();
        assertThat(facts("MINE").state()).isEqualTo(CatalogueState.UNAVAILABLE);
        assertThat(facts("MINE").usedBy()).containsExactly(ONE);
        assertThat(facts("MINE").bundle()).isEqualTo("test.bundle");
        usage.configured.clear();
        assertThat(facts("MINE")).isNull();
        registry.eject(
                POLICY, "MINE", Plugins.ejection(POLICY, "MINE", EjectionReason.BUNDLE_GONE));
        assertThat(facts("MINE")).isNotNull();

        registry.addPolicy(mine, BUNDLE);
        assertThat(facts("MINE").state()).isEqualTo(CatalogueState.ACTIVE);
        assertThat(catalogue.policies())
                .extracting(entry -> entry.facts().name())
                .containsExactly("MINE", "SAFE_FIFO");
    }

    @Test
    void watchersAreToldOfEveryKindOfChange() throws Exception {
        LinkedBlockingQueue<List<String>> seen = new LinkedBlockingQueue<>();
        Watch watch =
                catalogue.watch(() ->
                        seen.add(
                                catalogue.policies().stream()
                                        .map(entry -> entry.facts().name() + entry.facts().state())
                                        .toList()));
        try {
            registry.addPolicy(mine, BUNDLE);
            await(seen, "MINEACTIVE");
            get(catalogue.eject(POLICY, "MINE", null, "why", "alice"));
            await(seen, "MINEQUARANTINED");
            get(catalogue.reinstate(POLICY, "MINE", "alice"));
            await(seen, "MINEACTIVE");
            registry.remove(mine);
            await(seen, "MINEUNAVAILABLE");
        } finally {
            watch.close();
        }
    }

    private static void await(LinkedBlockingQueue<List<String>> seen, String text)
            throws InterruptedException {
        List<List<String>> past = new ArrayList<>();
        while (true) {
            List<String> next = seen.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("never %s, but %s", text, past).isNotNull();
            if (next.contains(text)) {
                return;
            }
            past.add(next);
        }
    }
}
