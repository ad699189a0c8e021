// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What browsers ask before a page of another origin may send a request or read its answer (CORS),
 * and Apollo's stricter rule: no request that a browser sends without asking. Credentials that a
 * browser adds by itself are never allowed. Stateless.
 */
final class CrossOrigin {
    private static final String METHODS = "GET, POST, PUT, DELETE";
    private static final String HEADERS =
            "Authorization, Content-Type, Accept, Cache-Control, If-None-Match, Last-Event-ID,"
                    + " X-GraphQL-Event-Stream-Token, Apollo-Require-Preflight,"
                    + " X-Apollo-Operation-Name, Traceparent, Tracestate";
    private static final String READABLE = "ETag, Retry-After, WWW-Authenticate, X-Request-Id";
    private static final String SECONDS = "600";
    private static final Set<String> SENT_UNASKED =
            Set.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[!-~&&[^/;,]]+/[!-~&&[^/;,]]+");

    private CrossOrigin() {}

    /** The page may read the answer, whatever it is. */
    static void allow(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Access-Control-Allow-Origin", request.getHeader("Origin"));
        response.setHeader("Access-Control-Expose-Headers", READABLE);
    }

    static boolean asks(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS")
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** Answers a browser that asks. */
    static void answer(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Access-Control-Allow-Methods", METHODS);
        response.setHeader("Access-Control-Allow-Headers", HEADERS);
        response.setHeader("Access-Control-Max-Age", SECONDS);
    }

    /** Whether a browser would send this request for any page, without asking first. */
    static boolean isSentUnasked(HttpServletRequest request) {
        return !hasText(request.getHeader("Apollo-Require-Preflight"))
                && !hasText(request.getHeader("X-Apollo-Operation-Name"))
                && !isAskedFor(request.getContentType());
    }

    private static boolean isAskedFor(@Nullable String contentType) {
        if (contentType == null) return false;
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        String plain = type.strip().toLowerCase(Locale.ROOT);
        return MEDIA_TYPE.matcher(plain).matches() && !SENT_UNASKED.contains(plain);
    }

    private static boolean hasText(@Nullable String header) {
        return header != null && !header.isBlank();
    }
}
