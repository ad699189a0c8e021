// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/**
 * The gate's answer to a request it does not let in. Immutable.
 *
 * @param status of HTTP
 * @param code as in GraphQL errors
 * @param message for people; needs no escape in JSON
 * @param headers further headers
 */
record Refusal(int status, String code, String message, Map<String, String> headers) {
    Refusal {
        if (!message.matches("[A-Za-z0-9 .:,/-]+")) {
            throw new IllegalArgumentException("message needs an escape in JSON: " + message);
        }
        headers = Map.copyOf(headers);
    }

    static Refusal forbidden(String message) {
        return new Refusal(403, "FORBIDDEN", message, Map.of());
    }

    static Refusal unauthenticated(boolean console) {
        return unauthenticated(console, "Not signed in: ");
    }

    static Refusal wrongCredentials(boolean console) {
        return unauthenticated(
                console,
                console ? "User or password is wrong: " : "The credentials are not valid: ");
    }

    private static Refusal unauthenticated(boolean console, String what) {
        return new Refusal(
                401,
                "UNAUTHENTICATED",
                what
                        + (console
                                ? "sign in as admin, with the token in the file secrets/admin.token of the instance directory as password."
                                : "send the header Authorization: Bearer TOKEN, with the token in the file secrets/admin.token of the instance directory."),
                Map.of(
                        "WWW-Authenticate",
                        console ? "Basic realm=\"Domain Runtime\", charset=\"UTF-8\"" : "Bearer"));
    }

    static Refusal tooManyFailures() {
        return new Refusal(
                429,
                "RATE_LIMITED",
                "Too many failed sign-ins from this address.",
                Map.of("Retry-After", "1"));
    }

    static Refusal starting() {
        return new Refusal(
                503,
                "SHUTTING_DOWN",
                "The host is starting or stopping: send the request again later.",
                Map.of("Retry-After", "1"));
    }

    /**
     * @param graphQl whether the client reads GraphQL errors
     */
    void send(HttpServletResponse response, boolean graphQl) throws IOException {
        String body =
                graphQl
                        ? """
                        {"errors":[{"message":"%s","extensions":{"code":"%s","classification":"REQUEST","requestId":"%s"}}]}\
                        """
                                .formatted(message, code, UUID.randomUUID())
                        : message + "\n";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        headers.forEach(response::setHeader);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType((graphQl ? "application/json" : "text/plain") + ";charset=utf-8");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
