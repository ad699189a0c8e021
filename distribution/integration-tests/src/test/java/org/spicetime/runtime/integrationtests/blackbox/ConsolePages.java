// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The web console as a browser of the administrator asks it. Thread-safe. */
final class ConsolePages implements AutoCloseable {

    private static final String ROOT = "/system/console/";

    /** In the summary of all, active, fragment, resolved and installed bundles. */
    private static final Pattern NONE_DOWN = Pattern.compile("\"s\":\\[\\d+,\\d+,\\d+,0,0]");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI host;
    private final String basic;

    ConsolePages(HostProcess host) {
        this.host = host.url();
        this.basic =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        ("admin:" + host.token()).getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for what starts after the ready line: the console and all its plugins. */
    ConsolePages awaitUp() {
        Awaitility.await("the bundles of the console")
                .atMost(GraphQl.LIMIT)
                .until(() -> NONE_DOWN.matcher(page("bundles.json")).find());
        return this;
    }

    String page(String path) {
        return new String(get(path).body(), StandardCharsets.UTF_8);
    }

    HttpResponse<byte[]> get(String path) {
        return send(request(path));
    }

    /** A form of the console's own page. */
    HttpResponse<byte[]> post(String path, Map<String, String> form) {
        return send(form(path, form).header("Origin", host.toString()));
    }

    /** The same form, sent by no page of this host. */
    HttpResponse<byte[]> foreignPost(String path, Map<String, String> form) {
        return send(form(path, form).header("Origin", "https://elsewhere.example"));
    }

    private HttpRequest.Builder form(String path, Map<String, String> form) {
        String body =
                form.entrySet().stream()
                        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                        .collect(Collectors.joining("&"));
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(host.resolve(ROOT + path))
                .timeout(GraphQl.LIMIT)
                .header("Authorization", basic);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
