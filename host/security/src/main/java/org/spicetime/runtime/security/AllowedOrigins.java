// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The origins elsewhere whose pages may use the GraphQL endpoint: scheme, host and port, as
 * browsers send them. None by default, and never "null" or "*". Immutable.
 */
final class AllowedOrigins {
    private static final Pattern ORIGIN =
            Pattern.compile("https?://([a-z0-9._-]+|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?");
    private static final Logger LOG = LoggerFactory.getLogger(AllowedOrigins.class);

    private final Set<String> origins;

    /**
     * @param configured what is no origin is told in the log, and left out
     */
    AllowedOrigins(List<String> configured) {
        Set<String> all = new LinkedHashSet<>();
        for (String text : configured) {
            String origin = text.strip().toLowerCase(Locale.ROOT).replaceFirst("/$", "");
            if (origin.isEmpty()) continue;
            if (ORIGIN.matcher(origin).matches()) {
                all.add(withoutDefaultPort(origin));
            } else {
                LOG.error("the allowed origin {} is not scheme://host:port, and left out", text);
            }
        }
        origins = Set.copyOf(all);
    }

    /** Whether the request comes from a page of one of them. */
    boolean allow(HttpServletRequest request) {
        if (origins.isEmpty()) return false;
        List<String> sent = Collections.list(request.getHeaders("Origin"));
        return sent.size() == 1 && origins.contains(sent.getFirst().toLowerCase(Locale.ROOT));
    }

    /** Whether there are any. */
    boolean some() {
        return !origins.isEmpty();
    }

    private static String withoutDefaultPort(String origin) {
        return origin.replaceFirst(origin.startsWith("https:") ? ":443$" : ":80$", "");
    }
}
