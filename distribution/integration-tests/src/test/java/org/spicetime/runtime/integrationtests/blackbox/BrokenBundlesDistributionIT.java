// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.spicetime.runtime.integrationtests.BundleJar;
import org.spicetime.runtime.integrationtests.Installation;

/** Every way in which a bundle in {@code deploy/} can be broken is told, and disturbs nobody. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class BrokenBundlesDistributionIT {

    private static final String POLICY = "EXAMPLE_WSJF";

    private static HostProcess host;
    private static GraphQl client;
    private static DeployFolder deploy;

    @BeforeAll
    static void startAHost() throws IOException {
        Path data = HostProcess.freshData("broken");
        Files.createDirectories(data.resolve("etc"));
        Files.writeString(data.resolve("etc/host.properties"), "deploy.call.seconds=2\n");
        host = HostProcess.start(Installation.assembled(), data);
        client = new GraphQl(host.url(), host.token());
        deploy = new DeployFolder(host, client);
    }

    @AfterAll
    static void endIt() {
        client.close();
        host.close();
    }

    @Test
    void aTextIsNoJar() {
        deploy.drop(
                "notes.txt", "remember the milk".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(deploy.awaitHealth("deploy:notes.txt", "not a readable jar"))
                .contains("put only bundles into deploy/");
        deploy.delete("notes.txt");
        deploy.awaitWell("deploy:notes.txt");
    }

    @Test
    void aJarWithoutASymbolicNameIsNoBundle() {
        deploy.drop("plain.jar", BundleJar.plain());
        assertThat(deploy.awaitHealth("deploy:plain.jar", "no bundle"))
                .contains("Bundle-SymbolicName")
                .contains("build it with bnd");
        deploy.delete("plain.jar");
        deploy.awaitWell("deploy:plain.jar");
    }

    @Test
    void aVersionThatIsNoneIsRefused() {
        deploy.drop("version.jar", BundleJar.empty("acme.version", "one.two"));
        deploy.awaitHealth("deploy:version.jar", "its Bundle-Version one.two is none");
        deploy.delete("version.jar");
    }

    @Test
    void aJarThatIsStillBeingWrittenIsTakenWhenItIsComplete() throws IOException {
        byte[] whole = kit("fullpolicy").bytes();
        Files.write(deploy.file("slow.jar"), Arrays.copyOf(whole, whole.length / 2));
        deploy.awaitHealth("deploy:slow.jar", "not a readable jar");
        Files.write(deploy.file("slow.jar"), whole);
        deploy.awaitPolicy("EXAMPLE_TYPE_TURNS", true);
        deploy.awaitWell("deploy:slow.jar");
        deploy.delete("slow.jar");
        deploy.awaitPolicy("EXAMPLE_TYPE_TURNS", false);
    }

    @Test
    void aCorruptReplacementLeavesTheOldBundleInPlace() {
        byte[] good = kit("fullpolicy").version("1.0.0").bytes();
        deploy.drop("kept.jar", good);
        deploy.awaitPolicy("EXAMPLE_TYPE_TURNS", true);
        byte[] next = kit("fullpolicy").version("1.1.0").bytes();
        deploy.drop("kept.jar", Arrays.copyOf(next, next.length * 2 / 3));
        assertThat(deploy.awaitHealth("deploy:kept.jar", "not a readable jar"))
                .contains("fullpolicy 1.0.0 stays in place");
        deploy.awaitPolicy("EXAMPLE_TYPE_TURNS", true);
        deploy.drop("kept.jar", kit("fullpolicy").version("0.9.0"));
        deploy.awaitWell("deploy:kept.jar");
        awaitLog("fullpolicy is updated from 1.0.0 to 0.9.0");
        deploy.delete("kept.jar");
        deploy.awaitPolicy("EXAMPLE_TYPE_TURNS", false);
    }

    @Test
    void aBundleThatDoesNotResolveSaysWhatIsMissingAndStartsWhenItComes() {
        deploy.drop(
                "user.jar",
                BundleJar.empty("acme.user", "1.0.0")
                        .header("Import-Package", "com.acme.text;version=\"[1.2,2)\""));
        assertThat(deploy.awaitHealth("bundle:acme.user", "it needs package com.acme.text"))
                .contains("in version [1.2.0,2.0.0)")
                .contains("no bundle here provides it")
                .contains("deploy the bundle that does");
        assertThat(client.data("{ bundles { symbolicName version state problems } }").toString())
                .contains(
                        "{\"symbolicName\":\"acme.user\",\"version\":\"1.0.0\",\"state\":\"INSTALLED\","
                                + "\"problems\":[\"it needs package com.acme.text");
        deploy.drop("text.jar", text("3.0.0"));
        assertThat(deploy.awaitHealth("bundle:acme.user", "here is only version 3.0.0"))
                .contains("of bundle acme.text");
        deploy.drop("text.jar", text("1.5.0"));
        deploy.awaitWell("bundle:acme.user");
        deploy.delete("user.jar");
        deploy.delete("text.jar");
    }

    private static BundleJar text(String version) {
        return BundleJar.empty("acme.text", version)
                .header("Export-Package", "com.acme.text;version=\"" + version + "\"")
                .entry("com/acme/text/nothing.txt", "nothing");
    }

    @Test
    void aBundleForAnotherJavaSaysWhichOneRuns() {
        deploy.drop(
                "java.jar",
                BundleJar.empty("acme.java", "1.0.0")
                        .header(
                                "Require-Capability",
                                "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\""));
        assertThat(deploy.awaitHealth("bundle:acme.java", "JavaSE in version 99"))
                .contains("runs on Java " + Runtime.version().feature());
        deploy.delete("java.jar");
        deploy.awaitWell("bundle:acme.java");
    }

    @Test
    void anActivatorThatThrowsIsQuoted() {
        deploy.drop(
                "throws.jar",
                BundleJar.empty("acme.throws", "1.0.0").activator(ThrowingActivator.class));
        assertThat(deploy.awaitHealth("bundle:acme.throws", "its activator threw"))
                .contains("the licence server is not there")
                .contains("ThrowingActivator.start");
        deploy.delete("throws.jar");
        deploy.awaitWell("bundle:acme.throws");
    }

    @Test
    void aComponentWhoseServiceIsMissingSaysWhich() {
        deploy.drop("waits.jar", waiting());
        assertThat(deploy.awaitHealth("bundle:acme.waits", "waits for a service"))
                .contains("com.acme.Licence")
                .contains("deploy the bundle that does");
        deploy.delete("waits.jar");
        deploy.awaitWell("bundle:acme.waits");
    }

    private static BundleJar waiting() {
        return BundleJar.empty("acme.waits", "1.0.0")
                .activator(ThrowingActivator.class)
                .header("Bundle-Activator", null)
                .header("Service-Component", "OSGI-INF/one.xml")
                .entry(
                        "OSGI-INF/one.xml",
                        """
                        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="acme.one" immediate="true">
                          <implementation class="%s"/>
                          <reference name="licence" interface="com.acme.Licence" field="licence"/>
                        </scr:component>
                        """
                                .formatted(ThrowingActivator.class.getName()));
    }

    @Test
    void aConstructorThatHangsIsInterruptedAndTold() {
        deploy.drop(
                "stuck.jar",
                BundleJar.empty("acme.stuck", "1.0.0")
                        .with(HangingPolicyFactory.class)
                        .header(
                                "Import-Package",
                                "org.spicetime.runtime.api,org.spicetime.runtime.api.scheduler")
                        .header("Service-Component", "OSGI-INF/one.xml")
                        .entry(
                                "OSGI-INF/one.xml",
                                """
                                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="acme.stuck">
                                  <implementation class="%s"/>
                                  <service>
                                    <provide interface="org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory"/>
                                  </service>
                                </scr:component>
                                """
                                        .formatted(HangingPolicyFactory.class.getName())));
        long dropped = System.nanoTime();
        deploy.drop("beside.jar", kit("fullpolicy"));
        deploy.awaitPolicy("EXAMPLE_TYPE_TURNS", true);
        System.out.printf(
                "policy beside a hanging constructor: %d ms%n",
                (System.nanoTime() - dropped) / 1_000_000);
        deploy.awaitHealth("bundle:acme.stuck", "its component acme.stuck could not be made");
        deploy.delete("stuck.jar");
        deploy.delete("beside.jar");
        deploy.awaitWell("bundle:acme.stuck");
        deploy.awaitPolicy("EXAMPLE_TYPE_TURNS", false);
    }

    @Test
    void aNameThatIsTakenTellsWhoWon() {
        deploy.drop("first.jar", kit("keyedpolicy").version("1.0.0"));
        deploy.awaitPolicy(POLICY, true);
        deploy.drop(
                "second.jar",
                kit("keyedpolicy").header("Bundle-SymbolicName", "acme.copy").version("2.0.0"));
        assertThat(deploy.awaitHealth("bundle:acme.copy", "another bundle offers the same name"))
                .contains("org.spicetime.runtime.examples.keyedpolicy 1.0.0");
        deploy.delete("first.jar");
        deploy.awaitWell("bundle:acme.copy");
        deploy.awaitPolicy(POLICY, true);
        deploy.delete("second.jar");
        deploy.awaitPolicy(POLICY, false);
    }

    @Test
    void theSameBundleInTwoFilesIsTakenOnceAndTheOtherWhenItGoes() {
        deploy.drop("one.jar", kit("keyedpolicy").version("1.0.0"));
        deploy.awaitPolicy(POLICY, true);
        deploy.drop("two.jar", kit("keyedpolicy").version("1.0.0").header("Bundle-Name", "Two"));
        assertThat(deploy.awaitHealth("deploy:two.jar", "is there already"))
                .contains("deploy/one.jar")
                .contains("delete one of the two");
        deploy.delete("one.jar");
        deploy.awaitWell("deploy:two.jar");
        deploy.awaitPolicy(POLICY, true);
        deploy.delete("two.jar");
        deploy.awaitPolicy(POLICY, false);
    }

    @Test
    void aSymbolicNameOrAFragmentOfTheHostIsRefused() {
        deploy.drop("core.jar", BundleJar.empty("org.spicetime.runtime.core", "9.0.0"));
        deploy.awaitHealth("deploy:core.jar", "belongs to the host; choose another one");
        deploy.drop(
                "fragment.jar",
                BundleJar.empty("acme.fragment", "1.0.0")
                        .header("Fragment-Host", "org.spicetime.runtime.core"));
        deploy.awaitHealth("deploy:fragment.jar", "which is part of the host and takes none");
        deploy.delete("core.jar");
        deploy.delete("fragment.jar");
        deploy.awaitWell("deploy:core.jar");
        deploy.awaitWell("deploy:fragment.jar");
    }

    @Test
    void aSchemaFragmentThatBreaksARuleIsToldWithItsBundle() {
        BundleJar broken = kit("schemacontribution");
        broken.header("Spicetime-Schema-Prefix", "other");
        deploy.drop("schema.jar", broken);
        deploy.awaitHealth(
                "bundle:org.spicetime.runtime.examples.schemacontribution",
                "type ExampleBacklog must begin with Other");
        assertThat(client.send("{ exampleBacklog { domain } }", java.util.Map.of()).code())
                .isEqualTo("GRAPHQL_VALIDATION_FAILED");
        deploy.drop("schema.jar", kit("schemacontribution"));
        deploy.awaitWell("bundle:org.spicetime.runtime.examples.schemacontribution");
        await("the field")
                .atMost(DeployFolder.LIMIT)
                .until(() ->
                        client.send("{ exampleBacklog { domain } }", java.util.Map.of())
                                .body()
                                .path("errors")
                                .isMissingNode());
        deploy.delete("schema.jar");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void anActivatorThatHangsHoldsUpNobodyAndTheHostStillStops() throws Exception {
        deploy.drop(
                "hangs.jar",
                BundleJar.empty("acme.hangs", "1.0.0").activator(HangingActivator.class));
        await("the hanging start")
                .atMost(DeployFolder.LIMIT)
                .until(() -> hostLog().contains("bundle acme.hangs 1.0.0 is installed"));
        long dropped = System.nanoTime();
        deploy.drop("beside.jar", kit("keyedpolicy").version("1.0.0"));
        deploy.awaitPolicy(POLICY, true);
        System.out.printf(
                "policy beside a hanging bundle: %d ms%n",
                (System.nanoTime() - dropped) / 1_000_000);
        assertThat(deploy.awaitHealth("bundle:acme.hangs", "its start has not returned"))
                .contains("HangingActivator.start")
                .contains("leave long work to a thread");
        deploy.drop("beside.jar", kit("keyedpolicy").version("1.1.0"));
        awaitLog("keyedpolicy is updated from 1.0.0 to 1.1.0");
        deploy.delete("beside.jar");
        deploy.awaitPolicy(POLICY, false);
        assertThat(client.get("/livez").status()).isEqualTo(200);

        // A problem is said once, however often it is looked at.
        assertThat(
                        Pattern.compile("acme.hangs 1.0.0: its start has not")
                                .matcher(hostLog())
                                .results())
                .hasSize(1);
        long asked = System.nanoTime();
        host.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(40));
    }

    private static BundleJar kit(String example) {
        return BundleJar.ofKit(Installation.assembled().home(), example);
    }

    private static void awaitLog(String part) {
        await(part).atMost(DeployFolder.LIMIT).until(() -> hostLog().contains(part));
    }

    private static String hostLog() throws IOException {
        return Files.readString(host.data().resolve("log/host.log"));
    }
}
