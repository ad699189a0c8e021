// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The module descriptors hold on a real module path, not only as metadata inside OSGi. */
class ModulePathTest {

    private static final String ROOT = "org.spicetime.runtime.";
    private static final List<String> MODULES =
            List.of(
                    "api",
                    "host/kernel",
                    "scheduler-plugins/fifo",
                    "scheduler-plugins/fixed-priority",
                    "scheduler-plugins/earliest-deadline",
                    "scheduler-plugins/round-robin",
                    "scheduler-plugins/shortest-job-first",
                    "scheduler-plugins/least-laxity",
                    "scheduler-plugins/fair-share",
                    "scheduler-plugins/multilevel-feedback",
                    "scheduler-plugins/lottery",
                    "scheduler-plugins/stride",
                    "scheduler-plugins/constant-bandwidth",
                    "scheduler-plugins/rate-monotonic",
                    "scheduler-plugins/deadline-monotonic",
                    "memory-plugins/arena",
                    "distribution/vendor-kit/keyed-policy",
                    "distribution/vendor-kit/full-policy",
                    "distribution/vendor-kit/allocation-strategy",
                    "distribution/vendor-kit/task-handler",
                    "memory-plugins/buddy",
                    "memory-plugins/dynamic",
                    "memory-plugins/best-fit",
                    "memory-plugins/slab",
                    "memory-plugins/static-partition",
                    "memory-plugins/pool",
                    "memory-plugins/tlsf");

    private final ModuleFinder finder =
            ModuleFinder.of(MODULES.stream().map(SourceTree::jarOf).toArray(Path[]::new));

    @Test
    void contractKernelAndPluginsHaveFullDescriptors() {
        assertThat(finder.findAll())
                .extracting(ModuleReference::descriptor)
                .allSatisfy(module -> assertThat(module.isAutomatic()).as(module.name()).isFalse())
                .extracting(module -> module.name())
                .contains(
                        ROOT + "api",
                        ROOT + "kernel",
                        ROOT + "scheduler.fifo",
                        ROOT + "memory.tlsf");
    }

    @Test
    void theKernelResolvesBesideTheContractAlone() {
        ModuleLayer layer = layerOf(ROOT + "kernel");
        assertThat(layer.modules())
                .extracting(Module::getName)
                .containsExactlyInAnyOrder(ROOT + "api", ROOT + "kernel");
    }

    @ParameterizedTest
    @CsvSource({
        "scheduler.fifo, api.scheduler.SchedulingPolicyFactory, FIFO",
        "scheduler.fixedpriority, api.scheduler.SchedulingPolicyFactory, PRIORITY",
        "scheduler.earliestdeadline, api.scheduler.SchedulingPolicyFactory, EDF",
        "scheduler.ratemonotonic, api.scheduler.SchedulingPolicyFactory, RATE_MONOTONIC",
        "scheduler.deadlinemonotonic, api.scheduler.SchedulingPolicyFactory, DEADLINE_MONOTONIC",
        "scheduler.roundrobin, api.scheduler.SchedulingPolicyFactory, ROUND_ROBIN",
        "scheduler.shortestjobfirst, api.scheduler.SchedulingPolicyFactory, SHORTEST_JOB_FIRST",
        "scheduler.leastlaxity, api.scheduler.SchedulingPolicyFactory, LEAST_LAXITY",
        "scheduler.fairshare, api.scheduler.SchedulingPolicyFactory, FAIR_SHARE",
        "scheduler.multilevelfeedback, api.scheduler.SchedulingPolicyFactory, MLFQ",
        "scheduler.lottery, api.scheduler.SchedulingPolicyFactory, LOTTERY",
        "scheduler.stride, api.scheduler.SchedulingPolicyFactory, STRIDE",
        "scheduler.constantbandwidth, api.scheduler.SchedulingPolicyFactory, CONSTANT_BANDWIDTH",
        "memory.arena, api.memory.AllocationStrategyFactory, ARENA",
        "memory.buddy, api.memory.AllocationStrategyFactory, BUDDY",
        "memory.dynamic, api.memory.AllocationStrategyFactory, DYNAMIC",
        "memory.bestfit, api.memory.AllocationStrategyFactory, BEST_FIT",
        "memory.slab, api.memory.AllocationStrategyFactory, SLAB",
        "memory.staticpartition, api.memory.AllocationStrategyFactory, STATIC",
        "memory.pool, api.memory.AllocationStrategyFactory, POOL",
        "memory.tlsf, api.memory.AllocationStrategyFactory, TLSF",
        "examples.keyedpolicy, api.scheduler.SchedulingPolicyFactory, EXAMPLE_WSJF",
        "examples.fullpolicy, api.scheduler.SchedulingPolicyFactory, EXAMPLE_TYPE_TURNS",
        "examples.allocationstrategy, api.memory.AllocationStrategyFactory, EXAMPLE_BEST_FIT",
        "examples.taskhandler, api.handler.TaskHandler, example.count-primes"
    })
    void aPluginOffersItsFactoryAsAPlainModule(String module, String service, String name)
            throws ReflectiveOperationException {
        ModuleLayer layer = layerOf(ROOT + module);
        Class<?> contract = layer.findLoader(ROOT + "api").loadClass(ROOT + service);
        List<?> factories = providersIn(layer, contract);
        assertThat(factories).hasSize(1);
        Object factory = factories.getFirst();
        assertThat(factory.getClass().getModule().getName()).isEqualTo(ROOT + module);
        Object descriptor = contract.getMethod("descriptor").invoke(factory);
        assertThat(descriptor.getClass().getMethod("name").invoke(descriptor)).isEqualTo(name);
    }

    @Test
    void aPolicyOfAPlainModuleCanBeCreated() throws ReflectiveOperationException {
        ModuleLayer layer = layerOf(ROOT + "scheduler.fifo");
        ClassLoader api = layer.findLoader(ROOT + "api");
        Class<?> contract = api.loadClass(ROOT + "api.scheduler.SchedulingPolicyFactory");
        Class<?> contextType = api.loadClass(ROOT + "api.scheduler.PolicyContext");
        Class<?> optionsType = api.loadClass(ROOT + "api.Options");
        Object context = answering(contextType, Integer.valueOf(1), Long.valueOf(0));
        Method create = contract.getMethod("create", contextType, optionsType);
        Object policy =
                create.invoke(
                        providersIn(layer, contract).getFirst(),
                        context,
                        answering(optionsType, 0, 0L));
        assertThat(policy).isInstanceOf(api.loadClass(ROOT + "api.scheduler.Policy"));
    }

    @Test
    void aStrategyOfAPlainModuleLaysOutBlocks() throws ReflectiveOperationException {
        ModuleLayer layer = layerOf(ROOT + "memory.tlsf");
        ClassLoader api = layer.findLoader(ROOT + "api");
        Class<?> factories = api.loadClass(ROOT + "api.memory.AllocationStrategyFactory");
        Object factory = providersIn(layer, factories).getFirst();
        Object descriptor = factories.getMethod("descriptor").invoke(factory);
        Object granule = descriptor.getClass().getMethod("granuleBytes").invoke(descriptor);
        Class<?> geometryType = api.loadClass(ROOT + "api.memory.Geometry");
        Class<?> optionsType = api.loadClass(ROOT + "api.Options");
        long pool = 1L << 20;
        Object geometry =
                geometryType
                        .getConstructor(long.class, long.class, long.class)
                        .newInstance(granule, pool, pool);
        Object strategy =
                factories
                        .getMethod("create", geometryType, optionsType)
                        .invoke(factory, geometry, answering(optionsType, 0, 0L));
        Class<?> contract = api.loadClass(ROOT + "api.memory.AllocationStrategy");
        contract.getMethod("addZone", long.class, long.class).invoke(strategy, 0L, pool);
        Method allocate = contract.getMethod("allocate", long.class, long.class, int.class);
        Object first = allocate.invoke(strategy, 1000L, 8L, 0);
        Object second = allocate.invoke(strategy, 1000L, 8L, 0);
        Method offset = contract.getMethod("offset", long.class);
        assertThat((long) offset.invoke(strategy, first) - (long) offset.invoke(strategy, second))
                .satisfiesAnyOf(
                        distance -> assertThat(distance).isGreaterThanOrEqualTo(1000),
                        distance -> assertThat(distance).isLessThanOrEqualTo(-1000));
    }

    private ModuleLayer layerOf(String module) {
        Configuration configuration =
                ModuleLayer.boot()
                        .configuration()
                        .resolve(finder, ModuleFinder.of(), Set.of(module));
        return ModuleLayer.defineModulesWithManyLoaders(
                        configuration,
                        List.of(ModuleLayer.boot()),
                        ClassLoader.getPlatformClassLoader())
                .layer();
    }

    private static List<?> providersIn(ModuleLayer layer, Class<?> service) {
        // ServiceLoader asks whether its caller uses the service; nobody in this layer has to.
        ModulePathTest.class.getModule().addUses(service);
        return ServiceLoader.load(layer, service).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** An implementation whose methods answer one of these values, by their return type. */
    private static Object answering(Class<?> type, Integer number, Long longNumber) {
        return java.lang.reflect.Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        Stream.of(number, longNumber)
                                .filter(value ->
                                        value.getClass()
                                                .getSimpleName()
                                                .toLowerCase(java.util.Locale.ROOT)
                                                .startsWith(method.getReturnType().getName()))
                                .findFirst()
                                .orElse(null));
    }
}
