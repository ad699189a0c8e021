// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.integrationtests.Installation;

/** HTTP/2 as docs/operating.md says how to switch it on; the key is made here. */
class Http2DistributionIT {
    private static final String PASSWORD = "of-a-test";
    private static final String QUERY = "{\"query\":\"{ __typename }\"}";

    private static HostProcess host;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        Path data = HostProcess.freshData("http2");
        Path etc = Files.createDirectories(data.resolve("etc"));
        Path store = etc.resolve("host.p12");
        makeKey(store);
        Files.writeString(
                etc.resolve("host.properties"),
                """
                org.apache.felix.http.enable=false
                org.apache.felix.https.enable=true
                org.osgi.service.http.port.secure=0
                org.apache.felix.https.keystore=${instance}/etc/host.p12
                org.apache.felix.https.keystore.password=%1$s
                org.apache.felix.https.keystore.key.password=%1$s
                org.apache.felix.http2.enable=true
                """
                        .formatted(PASSWORD));
        host = HostProcess.start(Installation.assembled(), data);
        client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .sslContext(trusting(store))
                        .build();
    }

    @AfterAll
    static void stop() {
        if (client != null) client.close();
        if (host != null) host.close();
    }

    private static void makeKey(Path store) throws IOException, InterruptedException {
        Process keytool =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                                .toString(),
                                        "-genkeypair",
                                        "-alias",
                                        "host",
                                        "-keyalg",
                                        "EC",
                                        "-groupname",
                                        "secp256r1",
                                        "-dname",
                                        "CN=localhost",
                                        "-ext",
                                        "san=dns:localhost,ip:127.0.0.1",
                                        "-validity",
                                        "2",
                                        "-storetype",
                                        "PKCS12",
                                        "-keystore",
                                        store.toString(),
                                        "-storepass",
                                        PASSWORD))
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }

    private static SSLContext trusting(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static HttpRequest.Builder post(String body) {
        return HttpRequest.newBuilder(URI.create(host.url() + "/graphql"))
                .header("Authorization", "Bearer " + host.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private static String answer(HttpRequest.Builder request, int status) throws Exception {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.headers().firstValue("Connection")).isEmpty();
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response.body();
    }

    private static void stillAnswers() throws Exception {
        assertThat(answer(post(QUERY), 200)).isEqualTo("{\"data\":{\"__typename\":\"Query\"}}");
    }

    @Test
    void queriesAreAnswered() throws Exception {
        stillAnswers();
        String page = host.url().toString();
        assertThat(answer(post(QUERY).header("Origin", page), 200)).contains("Query");
    }

    @Test
    void aPageElsewhereIsRefused() throws Exception {
        String body = answer(post(QUERY).header("Origin", "https://elsewhere.example"), 403);
        assertThat(body).contains("FORBIDDEN");
        stillAnswers();
    }

    @Test
    void bodiesThatAreRefusedOrTooLargeAreAnsweredAndTheConnectionGoesOn() throws Exception {
        String large = "{\"query\":\"" + " ".repeat(300 * 1024) + "\"}";
        assertThat(answer(post(large), 413)).contains("BAD_USER_INPUT");
        stillAnswers();
        // Of unknown length: the limit is met while the body is read.
        HttpRequest.Builder unknown =
                post("").POST(
                                BodyPublishers.fromPublisher(
                                        BodyPublishers.ofByteArray(
                                                large.getBytes(StandardCharsets.UTF_8))));
        assertThat(answer(unknown, 413)).contains("BAD_USER_INPUT");
        stillAnswers();
        assertThat(answer(post(large).setHeader("Authorization", "Bearer nonsense"), 401))
                .contains("UNAUTHENTICATED");
        stillAnswers();
    }

    private static void change(String field) throws Exception {
        String body = "{\"query\":\"mutation { " + field + " { id } }\"}";
        assertThat(answer(post(body), 200)).contains("\"stream\"").doesNotContain("errors");
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aStreamTellsEventsBesideOtherRequests() throws Exception {
        change("createDomain(input: { id: \\\"stream\\\" })");
        HttpRequest.Builder subscription =
                post("{\"query\":\"subscription { domainUpdated(domainId: \\\"stream\\\") { status } }\"}")
                        .header("Accept", "text/event-stream");
        HttpResponse<InputStream> stream =
                client.send(subscription.build(), BodyHandlers.ofInputStream());
        assertThat(stream.version()).isEqualTo(HttpClient.Version.HTTP_2);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(event(lines)).contains("RUNNING");
            change("pauseDomain(domainId: \\\"stream\\\")");
            String told = event(lines);
            while (!told.contains("PAUSED")) told = event(lines);
        }
        stillAnswers();
    }

    private static String event(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine())
            if (line.startsWith("data: {")) return line;
        throw new AssertionError("the stream ended");
    }
}
