// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** Who may use whom: plugins know the contract only, and nobody knows a plugin. */
class ArchitectureTest {

    private static final String ROOT = "org.spicetime.runtime.";
    private static final String API = ROOT + "api..";
    private static final String KERNEL = ROOT + "kernel..";
    private static final String CORE = ROOT + "core..";
    private static final String HANDLERS = ROOT + "handlers..";
    private static final String TESTKIT = ROOT + "testkit..";
    private static final String EXAMPLES = ROOT + "examples..";
    private static final String[] PLUGINS = {ROOT + "scheduler..", ROOT + "memory.."};

    /** A disk that refuses to synchronise ends the process, after one line. */
    private static final String FAIL_STOP = ROOT + "store.fault.FailStop";

    /** A command. */
    private static final String RESTORE = ROOT + "store.sqlite.backup.RestoreCommand";

    /** Packages that leave no trace at run time. */
    private static final String[] ANNOTATIONS = {
        "org.jspecify.annotations..",
        "com.google.errorprone.annotations..",
        "org.osgi.annotation..",
        "org.osgi.service.component.annotations..",
        "org.osgi.service.metatype.annotations.."
    };

    /** Fewer means that modules were not compiled, and the rules proved nothing. */
    private static final int FEWEST_CLASSES = 300;

    private static final JavaClasses CLASSES =
            new ClassFileImporter().importPaths(SourceTree.compiledModules());

    @Test
    void everyModuleWasLookedAt() {
        Set<String> modules = new TreeSet<>();
        CLASSES.forEach(seen -> modules.add(moduleOf(seen)));
        assertThat(modules)
                .contains(
                        "api",
                        "console",
                        "core",
                        "demo",
                        "examples",
                        "graphql",
                        "handlers",
                        "hardware",
                        "kernel",
                        "launcher",
                        "logging",
                        "memory.arena",
                        "memory.blocks",
                        "memory.buddy",
                        "memory.dynamic",
                        "memory.bestfit",
                        "memory.slab",
                        "memory.staticpartition",
                        "memory.pool",
                        "memory.tlsf",
                        "scheduler.earliestdeadline",
                        "scheduler.roundrobin",
                        "scheduler.shortestjobfirst",
                        "scheduler.leastlaxity",
                        "scheduler.fairshare",
                        "scheduler.multilevelfeedback",
                        "scheduler.lottery",
                        "scheduler.stride",
                        "scheduler.constantbandwidth",
                        "scheduler.ratemonotonic",
                        "scheduler.deadlinemonotonic",
                        "scheduler.fifo",
                        "scheduler.fixedpriority",
                        "security",
                        "shell",
                        "store",
                        "testkit");
        assertThat(CLASSES.size()).isGreaterThan(FEWEST_CLASSES);
    }

    @Test
    void theContractDependsOnTheJdkOnly() {
        only(API, "java..").check(CLASSES);
    }

    @Test
    void theKernelDependsOnTheContractOnly() {
        only(KERNEL, "java..", API).check(CLASSES);
    }

    @Test
    void pluginsDependOnTheContractOnly() {
        for (String plugins : PLUGINS) {
            only(plugins, "java..", API).check(CLASSES);
        }
    }

    @Test
    void examplesOfTheVendorKitDependOnTheContractOnly() {
        only(EXAMPLES, "java..", API).check(CLASSES);
    }

    @Test
    void handlersDependOnTheContractAndOsgiOnly() {
        only(HANDLERS, "java..", API, "org.osgi..").check(CLASSES);
    }

    @Test
    void theTestKitDependsOnContractAndKernelOnly() {
        only(TESTKIT, "java..", API, KERNEL, "org.junit..", "org.assertj..", "org.opentest4j..")
                .check(CLASSES);
    }

    @Test
    void nobodyDependsOnAPlugin() {
        noClasses()
                .that(not(resideInAnyPackage(PLUGINS)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PLUGINS)
                .check(CLASSES);
    }

    @Test
    void pluginsDoNotDependOnEachOther() {
        slices().matching(ROOT + "(scheduler|memory|examples).(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        DescribedPredicate.alwaysTrue(), resideInAPackage(ROOT + "memory.blocks"))
                .because("the book-keeping that strategies share is a part of each of them")
                .check(CLASSES);
    }

    @Test
    void onlyCoreAndTheTestKitUseTheKernel() {
        noClasses()
                .that(not(resideInAnyPackage(KERNEL, CORE, TESTKIT, ROOT + "benchmarks..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(KERNEL)
                .check(CLASSES);
    }

    @Test
    void nobodyDependsOnTheCore() {
        noClasses()
                .that(not(resideInAnyPackage(CORE, ROOT + "benchmarks..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CORE)
                .check(CLASSES);
    }

    @Test
    void theLauncherKnowsNothingOfDomains() {
        only(ROOT + "launcher..", "java..", "org.osgi..").check(CLASSES);
    }

    @Test
    void whatDecidesHasNoThreadsAndNoLocks() {
        noClasses()
                .that()
                .resideInAnyPackage(KERNEL, PLUGINS[0], PLUGINS[1])
                .should()
                .dependOnClassesThat(
                        assignableToAny(
                                Thread.class,
                                ThreadGroup.class,
                                Executor.class,
                                ForkJoinPool.class,
                                CompletableFuture.class,
                                java.util.Timer.class))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent.locks..")
                .because("the same code runs with threads, in tests and in simulations")
                .check(CLASSES);
    }

    @Test
    void whatDecidesReadsNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(KERNEL, PLUGINS[0], PLUGINS[1])
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .orShould()
                .callMethod(Math.class, "random")
                .because("time arrives as an argument and randomness by the context")
                .check(CLASSES);
    }

    @Test
    void whatDecidesKnowsNothingOfOsgi() {
        noClasses()
                .that()
                .resideInAnyPackage(KERNEL, API)
                .should()
                .dependOnClassesThat(
                        resideInAPackage("org.osgi..")
                                .and(not(resideInAPackage("org.osgi.annotation.."))))
                .check(CLASSES);
    }

    /**
     * Woven code of plugins calls the polls, so their package has to be one that can be imported.
     */
    @Test
    void onlyTheContractTheTestKitAndTheWovenPollsExportPackages() {
        List<String> exporting =
                packages().stream()
                        .filter(seen -> isAnnotated(seen, "org.osgi.annotation.bundle.Export"))
                        .map(JavaPackage::getName)
                        .filter(name -> !name.matches(".*\\.runtime\\.(api|testkit)(\\..*)?"))
                        .toList();
        assertThat(exporting).containsExactly("org.spicetime.runtime.core.poll");
    }

    @Test
    void everyPackageOfTheContractIsExportedWithAVersion() {
        List<String> lacking =
                packages().stream()
                        .filter(seen -> seen.getName().matches(".*\\.runtime\\.api(\\..*)?"))
                        .filter(seen ->
                                !isAnnotated(seen, "org.osgi.annotation.bundle.Export")
                                        || !isAnnotated(
                                                seen, "org.osgi.annotation.versioning.Version"))
                        .map(JavaPackage::getName)
                        .toList();
        assertThat(lacking).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        List<String> lacking =
                packages().stream()
                        .filter(seen -> !isAnnotated(seen, "org.jspecify.annotations.NullMarked"))
                        .map(JavaPackage::getName)
                        .toList();
        assertThat(lacking).isEmpty();
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyCommandsPrint() {
        noClasses()
                .that(
                        not(
                                resideInAnyPackage(
                                                ROOT + "launcher..",
                                                ROOT + "demo..",
                                                ROOT + "benchmarks..")
                                        .or(name(FAIL_STOP))
                                        .or(name(RESTORE))))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }

    @Test
    void onlyTheLauncherAndCommandsEndTheProcess() {
        noClasses()
                .that(
                        not(
                                resideInAnyPackage(
                                                ROOT + "launcher..",
                                                ROOT + "demo..",
                                                ROOT + "benchmarks..")
                                        .or(name(FAIL_STOP))
                                        .or(name(RESTORE))))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(CLASSES);
    }

    @Test
    void typesOfGraphqlJavaStayInTheirBundle() {
        noClasses()
                .that(not(resideInAPackage(ROOT + "graphql..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("graphql..")
                .check(CLASSES);
    }

    private static ClassesShouldConjunction only(String module, String... allowed) {
        String[] all = new String[allowed.length + ANNOTATIONS.length + 1];
        System.arraycopy(allowed, 0, all, 0, allowed.length);
        System.arraycopy(ANNOTATIONS, 0, all, allowed.length, ANNOTATIONS.length);
        all[all.length - 1] = module;
        return classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all);
    }

    private static DescribedPredicate<JavaClass> assignableToAny(Class<?>... types) {
        return DescribedPredicate.describe(
                "are threads or run them",
                seen -> List.of(types).stream().anyMatch(seen::isAssignableTo));
    }

    private static List<JavaPackage> packages() {
        return CLASSES.stream().map(JavaClass::getPackage).distinct().toList();
    }

    private static boolean isAnnotated(JavaPackage seen, String annotation) {
        return seen.tryGetPackageInfo().map(info -> info.isAnnotatedWith(annotation)).orElse(false);
    }

    private static String moduleOf(JavaClass seen) {
        String[] parts = seen.getPackageName().substring(ROOT.length()).split("\\.", -1);
        return List.of("scheduler", "memory").contains(parts[0])
                ? parts[0] + "." + parts[1]
                : parts[0];
    }

    /** Each package is a slice of its own. */
    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass seen) {
            return seen.getPackageName().startsWith(ROOT)
                    ? SliceIdentifier.of(seen.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
