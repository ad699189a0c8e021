// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pages of the web console in a real browser: drawn, without an error, and from this host alone.
 */
@ExtendWith(SharedHost.class)
class BrowserDistributionIT {

    private static final long SECONDS = 90;
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    @ParameterizedTest
    @CsvSource({
        "domains?still, ethical-scoring",
        "configMgr, Domain Runtime: health",
        "memoryusage, Metaspace",
        "events, Events",
        "components, org.spicetime.runtime.console.DomainsPage",
        "healthcheck?tags=domain-runtime, Domain Runtime: disk",
        "depfinder, Find"
    })
    void aPageIsDrawnWithoutErrorsAndFromThisHostAlone(String page, String shown, HostProcess host)
            throws Exception {
        Optional<String> browser = browser();
        assumeTrue(browser.isPresent(), "needs Chromium: none in CHROMIUM or on PATH");
        Path folder =
                Files.createTempDirectory(
                        Files.createDirectories(Path.of("target/blackbox").toAbsolutePath()),
                        "browser-");
        Path net = folder.resolve("net.json");
        Path dom = folder.resolve("dom.html");
        Path log = folder.resolve("browser.log");
        String signedIn = host.url().toString().replace("//", "//admin:" + host.token() + "@");
        Process process =
                new ProcessBuilder(
                                browser.get(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--no-first-run",
                                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--log-net-log=" + net,
                                "--enable-logging=stderr",
                                "--virtual-time-budget=4000",
                                "--dump-dom",
                                signedIn + "/system/console/" + page)
                        .redirectOutput(dom.toFile())
                        .redirectError(log.toFile())
                        .start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as("the browser ends; it said: %s", Files.readString(log))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(dom)).contains(shown, "id=\"navmenu\"");
        assertThat(Files.readAllLines(log))
                .as("errors of the page")
                .noneMatch(line -> line.contains("CONSOLE") && line.contains("rror"));
        assertThat(foreign(net, host)).as("requests that left this host").isEmpty();
    }

    /** Addresses that a page asked for and that are not the host's; the browser asks for more. */
    private static List<String> foreign(Path net, HostProcess host) throws IOException {
        List<String> foreign = new ArrayList<>();
        boolean own = false;
        for (JsonNode event : GraphQl.JSON.readTree(net.toFile()).path("events")) {
            String url = event.path("params").path("url").asText("");
            if (!url.startsWith("http")) continue;
            if (url.startsWith(host.url().toString())) {
                own = true;
            } else if (event.path("params")
                    .path("initiator")
                    .asText("")
                    .startsWith(host.url().toString())) {
                foreign.add(url);
            }
        }
        assertThat(own).as("the log of requests holds our own").isTrue();
        return foreign;
    }

    private static Optional<String> browser() {
        @Nullable String named = System.getenv("CHROMIUM");
        if (named != null && Files.isExecutable(Path.of(named))) return Optional.of(named);
        return Stream.of(String.valueOf(System.getenv("PATH")).split(":", -1))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
