// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.spicetime.runtime.integrationtests.osgi.DomainProbe.awaitEnd;
import static org.spicetime.runtime.integrationtests.osgi.DomainProbe.done;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
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

    @Test
    void theStrategyComesFromItsBundle() throws InvalidSyntaxException {
        AllocationStrategyFactory factory =
                services(AllocationStrategyFactory.class).stream()
                        .filter(found -> found.descriptor().name().equals("TLSF"))
                        .findFirst()
                        .orElseThrow();
        assertThat(bundleOf(factory)).isEqualTo(ROOT + "memory.tlsf");
        assertThat(catalogue.allocators())
                .filteredOn(entry -> entry.facts().name().equals("TLSF"))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.facts().bundle()).isEqualTo(ROOT + "memory.tlsf"));
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
