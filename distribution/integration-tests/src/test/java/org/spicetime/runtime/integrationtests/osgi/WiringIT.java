// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.spicetime.runtime.integrationtests.osgi.DomainProbe.awaitEnd;
import static org.spicetime.runtime.integrationtests.osgi.DomainProbe.done;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.hardware.HardwareMetrics;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/** The bundles of the distribution find each other. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class WiringIT {

    private static final String ROOT = "org.spicetime.runtime.";

    @Service BundleContext context;
    @Service Domains domains;
    @Service Catalogue catalogue;
    @Service HardwareMetrics hardware;

    @Test
    void everyBundleOfOursIsThere() {
        List<String> names =
                Arrays.stream(context.getBundles())
                        .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                        .map(Bundle::getSymbolicName)
                        .toList();
        assertThat(names)
                .contains(
                        ROOT + "api",
                        ROOT + "core",
                        ROOT + "graphql",
                        ROOT + "handlers",
                        ROOT + "hardware",
                        ROOT + "memory.arena",
                        ROOT + "memory.buddy",
                        ROOT + "memory.dynamic",
                        ROOT + "memory.bestfit",
                        ROOT + "memory.slab",
                        ROOT + "memory.staticpartition",
                        ROOT + "memory.pool",
                        ROOT + "memory.tlsf",
                        ROOT + "scheduler.earliestdeadline",
                        ROOT + "scheduler.ratemonotonic",
                        ROOT + "scheduler.deadlinemonotonic",
                        ROOT + "scheduler.roundrobin",
                        ROOT + "scheduler.shortestjobfirst",
                        ROOT + "scheduler.leastlaxity",
                        ROOT + "scheduler.fairshare",
                        ROOT + "scheduler.multilevelfeedback",
                        ROOT + "scheduler.lottery",
                        ROOT + "scheduler.stride",
                        ROOT + "scheduler.constantbandwidth",
                        ROOT + "scheduler.fifo",
                        ROOT + "scheduler.fixedpriority",
                        ROOT + "security");
    }

    @ParameterizedTest
    @CsvSource({
        "FIFO, scheduler.fifo",
        "PRIORITY, scheduler.fixedpriority",
        "EDF, scheduler.earliestdeadline",
        "RATE_MONOTONIC, scheduler.ratemonotonic",
        "DEADLINE_MONOTONIC, scheduler.deadlinemonotonic",
        "ROUND_ROBIN, scheduler.roundrobin",
        "SHORTEST_JOB_FIRST, scheduler.shortestjobfirst",
        "LEAST_LAXITY, scheduler.leastlaxity",
        "FAIR_SHARE, scheduler.fairshare",
        "MLFQ, scheduler.multilevelfeedback",
        "LOTTERY, scheduler.lottery",
        "STRIDE, scheduler.stride",
        "CONSTANT_BANDWIDTH, scheduler.constantbandwidth"
    })
    void aPolicyComesFromItsBundle(String name, String bundle) throws InvalidSyntaxException {
        SchedulingPolicyFactory factory =
                services(SchedulingPolicyFactory.class).stream()
                        .filter(found -> found.descriptor().name().equals(name))
                        .findFirst()
                        .orElseThrow();
        assertThat(bundleOf(factory)).isEqualTo(ROOT + bundle);
        assertThat(catalogue.policies())
                .filteredOn(entry -> entry.facts().name().equals(name))
                .singleElement()
                .satisfies(entry -> assertThat(entry.facts().bundle()).isEqualTo(ROOT + bundle));
    }

    /** Parameters only where the blocks of the tasks would not fit the defaults. */
    @ParameterizedTest
    @CsvSource({
        "TLSF, memory.tlsf, , ",
        "BUDDY, memory.buddy, , ",
        "ARENA, memory.arena, , ",
        "SLAB, memory.slab, , ",
        "POOL, memory.pool, blockSize, 131072",
        "STATIC, memory.staticpartition, partition, 128:10 4096:30 131072:60",
        "BEST_FIT, memory.bestfit, , ",
        "DYNAMIC, memory.dynamic, , ",
        "FIRST_FIT, , , "
    })
    void everyStrategyServesADomain(
            String name, @Nullable String bundle, @Nullable String option, @Nullable String value)
            throws Exception {
        assertThat(catalogue.allocators())
                .filteredOn(entry -> entry.facts().name().equals(name))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.facts().bundle())
                                .isEqualTo(bundle == null ? null : ROOT + bundle));
        Map<String, Object> parameters =
                option == null || value == null
                        ? Map.of()
                        : Map.of(option, value.matches("[0-9]+") ? Long.valueOf(value) : value);
        String id = "of-" + name.toLowerCase(Locale.ROOT).replace('_', '-');
        try (HoldingHandler handler = HoldingHandler.register(context, "holding." + id, 2);
                DomainProbe probe = DomainProbe.create(domains, id, "FIFO", name, parameters)) {
            long total = probe.domain().resources().memory().total();
            Task one = probe.schedule(handler.request());
            Task other = probe.schedule(handler.request());
            handler.awaitAllHold();
            MemoryMetrics held = probe.domain().resources().memory();
            assertThat(held.used()).isGreaterThanOrEqualTo(2 * HoldingHandler.heldBytes());
            assertThat(held.used() + held.cached() + held.free()).isEqualTo(total);
            assertThat(held.largestFree()).isPositive();
            handler.letGo();
            for (Task task : List.of(one, other)) {
                Task ended = probe.awaitEnd(task);
                assertThat(ended.phase()).as("%s", ended.error()).isEqualTo(TaskPhase.COMPLETED);
            }
            probe.awaitEnded(2);
            assertThat(probe.domain().resources().memory().used()).isZero();
            assertThat(probe.state().activeAllocator()).isEqualTo(name);
            assertThat(probe.state().status()).isEqualTo(RuntimeStatus.RUNNING);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POOL, blockSize, 1048576",
        "POOL, blockSize, 0",
        "STATIC, partition, 4096:60 64:60",
        "STATIC, partition, 8388608:100",
        "STATIC, blockSize, 16"
    })
    void aParameterThatDoesNotFitIsRefusedAndTheStrategyStays(
            String name, String option, String value) {
        Object given = value.matches("[0-9]+") ? (Object) Long.valueOf(value) : value;
        try (DomainProbe probe = DomainProbe.create(domains, "fit", "FIFO", name)) {
            assertThatThrownBy(() ->
                            probe.configure("memory", Map.of("parameters", Map.of(option, given))))
                    .hasStackTraceContaining("RefusedException: memory.parameters");
            assertThat(probe.state().activeAllocator()).isEqualTo(name);
            assertThat(probe.state().status()).isEqualTo(RuntimeStatus.RUNNING);
        }
        assertThat(catalogue.allocators())
                .filteredOn(entry -> entry.facts().name().equals(name))
                .as("not quarantined")
                .hasSize(1);
    }

    @Test
    void everyTaskTypeHasADefaultHandler() {
        assertThat(catalogue.handlers())
                .flatExtracting(entry -> entry.defaultFor())
                .contains(TaskType.values());
    }

    @ParameterizedTest
    @CsvSource({"ethical-scoring, EDF", "content-processing, PRIORITY"})
    void aFreshInstanceHasItsDomains(String id, String policy) {
        DomainState state = domain(id).state();
        assertThat(state.status()).isEqualTo(RuntimeStatus.RUNNING);
        assertThat(state.activePolicy()).isEqualTo(policy);
        assertThat(state.activeAllocator()).isEqualTo("TLSF");
        assertThat(state.policyEjection()).isNull();
    }

    @Test
    void aTaskRunsInAProvisionedDomain() {
        Domain domain = domain("ethical-scoring");
        Task task =
                done(
                        domain.schedule(
                                TaskRequest.of(TaskType.COMPUTATION)
                                        .payload(Payload.json("{\"text\":\"abc\"}"))
                                        .build()));
        Task ended = awaitEnd(domain, task);
        assertThat(ended.phase()).isEqualTo(TaskPhase.COMPLETED);
        // The SHA-256 of "abc" is in FIPS 180-4.
        assertThat(Optional.ofNullable(ended.result()).map(Payload::utf8).orElse("no result"))
                .contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(ended.metrics().startedAt()).isNotNull();
        assertThat(ended.metrics().cpuNanos()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"COMPUTATION", "IO", "NETWORK", "MAINTENANCE"})
    void aTaskThatNamesOnlyItsTypeDoesRealWork(String type) {
        Domain domain = domain("content-processing");
        Task ended =
                awaitEnd(
                        domain,
                        done(domain.schedule(TaskRequest.of(TaskType.valueOf(type)).build())));
        assertThat(ended.phase()).as("%s", ended.error()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(Optional.ofNullable(ended.result()).map(Payload::utf8).orElse("no result"))
                .startsWith("{\"");
    }

    @Test
    void theMachineIsMeasured() {
        await("the first sample")
                .atMost(DomainProbe.LIMIT)
                .until(() -> hardware.facts().logicalProcessors().orElse(0) > 0);
    }

    private Domain domain(String id) {
        return domains.find(DomainId.of(id)).orElseThrow();
    }

    private <T> List<T> services(Class<T> type) throws InvalidSyntaxException {
        Collection<ServiceReference<T>> references = context.getServiceReferences(type, null);
        return references.stream().map(context::getService).toList();
    }

    private static String bundleOf(Object service) {
        return FrameworkUtil.getBundle(service.getClass()).getSymbolicName();
    }
}
