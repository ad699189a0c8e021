// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.integrationtests.Installation;
import org.spicetime.runtime.integrationtests.blackbox.HostProcess.Ended;

/** How the host starts, how it ends, and what it says when it cannot start. */
@ExtendWith(SharedHost.class)
class StartAndStopDistributionIT {

    private final Installation installation = Installation.assembled();

    @Test
    void aFreshInstanceMakesATokenForItsOwnerOnly(HostProcess host) throws IOException {
        assertThat(host.token()).matches("drt_[A-Za-z0-9_-]{43}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(host.tokenFile())))
                .isEqualTo("rw-------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(host.data().resolve("secrets"))))
                .isEqualTo("rwx------");
        assertThat(host.log()).doesNotContain(host.token());
        assertThat(Files.readString(host.data().resolve("log/host.log")))
                .doesNotContain(host.token());
    }

    @Test
    void aStartSaysWhereItServes(HostProcess host) {
        assertThat(host.url().getHost()).isEqualTo("127.0.0.1");
        assertThat(host.url().getPort()).isPositive();
    }

    @Test
    void theHostStopsCleanlyAndStartsAgainOnTheSameInstance() throws Exception {
        Path data = HostProcess.freshData("restart");
        String token;
        try (HostProcess host = HostProcess.start(installation, data)) {
            token = host.token();
            assertThat(host.log()).doesNotContain("ERROR").doesNotContain("Exception");
            assertThat(host.stop()).isZero();
            assertThat(data.resolve("run/host.pid")).doesNotExist();
        }
        Ended start =
                HostProcess.script(
                        installation, data, "start", "--port", "0", "--data", data.toString());
        try {
            assertThat(start.exitCode()).as(start.output()).isZero();
            assertThat(start.output()).contains("Domain Runtime ready at http://127.0.0.1:");
            assertThat(Files.readString(data.resolve("secrets/admin.token")).strip())
                    .isEqualTo(token);
            Ended status =
                    HostProcess.script(installation, data, "status", "--data", data.toString());
            assertThat(status.exitCode()).isZero();
            assertThat(status.output()).contains("running at http://127.0.0.1:");
            Ended again =
                    HostProcess.script(
                            installation, data, "start", "--port", "0", "--data", data.toString());
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.output()).contains("a host serves " + data + " already");
        } finally {
            Ended stop = HostProcess.script(installation, data, "stop", "--data", data.toString());
            assertThat(stop.exitCode()).as(stop.output()).isZero();
            assertThat(stop.output()).contains("stopped");
        }
        Ended status = HostProcess.script(installation, data, "status", "--data", data.toString());
        assertThat(status.exitCode()).isEqualTo(3);
        assertThat(
                        HostProcess.script(installation, data, "stop", "--data", data.toString())
                                .exitCode())
                .isEqualTo(3);
    }

    @Test
    void aSecondProcessOnTheSameInstanceIsRefused(HostProcess host) {
        Ended ended = refused("--port", "0", "--data", host.data().toString());
        assertThat(ended.output()).contains("in use by process " + host.processId());
        assertThat(host.isAlive()).isTrue();
    }

    @Test
    void aPortInUseIsRefused() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Ended ended =
                    refused("--port", port, "--data", HostProcess.freshData("port").toString());
            assertThat(ended.output()).contains("cannot listen on port " + port);
        }
    }

    @Test
    void anAddressThatOthersCanReachIsRefused() {
        Ended ended =
                refused(
                        "--host",
                        "0.0.0.0",
                        "--port",
                        "0",
                        "--data",
                        HostProcess.freshData("address").toString());
        assertThat(ended.output()).contains("can be reached from other machines");
    }

    @Test
    void aFileInPlaceOfTheInstanceDirectoryIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a directory");
        Ended ended = refused("--port", "0", "--data", file.resolve("data").toString());
        assertThat(ended.output()).contains("cannot use the instance directory");
    }

    @Test
    void anInstanceDirectoryThatIsNotWritableIsRefused(@TempDir Path folder) throws IOException {
        assumeFalse(
                "root".equals(System.getProperty("user.name")),
                "needs a user who is bound by file permissions; root may write everywhere");
        Path data =
                Files.createDirectory(
                        folder.resolve("data"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("r-x------")));
        Ended ended = refused("--port", "0", "--data", data.toString());
        assertThat(ended.output())
                .contains("cannot use the instance directory")
                .contains("permission denied");
    }

    @Test
    void aConfigurationThatIsNoTextIsRefused() throws IOException {
        Path data = HostProcess.freshData("bytes");
        Path file = data.resolve("etc/host.properties");
        Files.createDirectories(data.resolve("etc"));
        Files.write(file, new byte[] {'a', '=', (byte) 0xff, (byte) 0xfe});
        Ended ended = refused("--port", "0", "--data", data.toString());
        assertThat(ended.output()).contains(file + " is not UTF-8 text");
    }

    @Test
    void aDomainFileThatCannotBeReadIsToldAndTheOtherDomainsServe() throws IOException {
        Path data = HostProcess.freshData("domain-file");
        Path file = data.resolve("etc/domains/broken.json");
        Files.createDirectories(data.resolve("etc/domains"));
        Files.writeString(file, "{ \"name\": ");
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl client = new GraphQl(host.url(), host.token())) {
            assertThat(host.log()).contains(file + " is not used: ");
            JsonNode answer =
                    client.data(
                            "{ domains { id status } systemHealth { status components { name status message } } }");
            assertThat(answer.path("domains").findValuesAsText("id"))
                    .containsExactly("content-processing", "ethical-scoring");
            assertThat(answer.at("/systemHealth/status").asText()).isEqualTo("DEGRADED");
            assertThat(answer.path("systemHealth").toString()).contains("broken.json");
        }
    }

    @Test
    void aPortThatIsNoNumberIsRefusedAsUsage() {
        Ended ended =
                HostProcess.script(
                        installation, HostProcess.freshData("usage"), "run", "--port", "http");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output().strip().lines()).hasSize(1);
    }

    @Test
    void aShellWithoutATerminalIsRefusedAsUsage() {
        String data = HostProcess.freshData("shell").toString();
        for (String command : new String[] {"run", "start"}) {
            Ended ended =
                    HostProcess.script(
                            installation,
                            HostProcess.freshData("shell-" + command),
                            command,
                            "--shell",
                            "--port",
                            "0",
                            "--data",
                            data);
            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.output()).contains("--shell needs ").contains("terminal");
            assertThat(ended.output().strip().lines()).hasSize(1);
        }
    }

    @Test
    void aShippedBundleThatDoesNotResolveStopsTheStart() throws IOException {
        Path data = HostProcess.freshData("broken-bundle");
        Path copy = data.resolveSibling("installation");
        copyOf(installation.home(), copy);
        addBundle(copy.resolve("bundles/20/lacking.jar"), "org.example.missing");
        Ended ended =
                HostProcess.script(
                        new Installation(copy),
                        data,
                        "run",
                        "--port",
                        "0",
                        "--data",
                        data.toString());
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(sentences(ended))
                .singleElement()
                .asString()
                .contains("lacking.jar")
                .contains("org.example.missing");
        assertThat(ended.output()).doesNotContain("Domain Runtime ready");
    }

    /** The host must not start, and say why in one sentence. */
    private Ended refused(String... options) {
        String[] words = Stream.concat(Stream.of("run"), Stream.of(options)).toArray(String[]::new);
        Ended ended = HostProcess.script(installation, HostProcess.freshData("refused"), words);
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(sentences(ended)).as(ended.output()).hasSize(1);
        assertThat(ended.output()).doesNotContain("\tat ").doesNotContain("Domain Runtime ready");
        return ended;
    }

    private static List<String> sentences(Ended ended) {
        return ended.output().lines().filter(line -> line.startsWith("domain-runtime: ")).toList();
    }

    private static void copyOf(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copied = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copied);
                } else if (file.toString().endsWith(".jar")) {
                    Files.createLink(copied, file);
                } else {
                    Files.copy(file, copied, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void addBundle(Path jar, String missing) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "org.example.lacking");
        main.putValue("Import-Package", missing);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.finish();
        }
    }
}
