// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the gate in front of every request. A change holds from the next request on. */
@ObjectClassDefinition(
        name = "Domain Runtime: request gate",
        description =
                "Under which names the host may be called, which pages elsewhere may use GraphQL, and"
                        + " how fast failed sign-ins are answered.")
public @interface GateSettings {
    /** Further host names. */
    @AttributeDefinition(
            name = "Host names",
            description =
                    "Names that a request may have in its Host header, beside those of the loopback"
                            + " interface, the address the host listens on, and those of"
                            + " spicetime.http.hosts. Any other is refused, so that a page elsewhere"
                            + " cannot point its own name to this machine.",
            required = false)
    String[] hosts() default {};

    /** Origins elsewhere. */
    @AttributeDefinition(
            name = "Allowed origins",
            description =
                    "Origins elsewhere, such as https://console.example:8443, whose pages may use"
                            + " /graphql with a token, by HTTP, server-sent events and WebSocket."
                            + " There is no sign for all of them.",
            required = false)
    String[] origins() default {};

    /** Apollo's rule. */
    @AttributeDefinition(
            name = "Strict CSRF header",
            description =
                    "Whether a request of GraphQL over HTTP must have a Content-Type that no form can"
                            + " send, or the header Apollo-Require-Preflight or"
                            + " X-Apollo-Operation-Name. Without it queries by GET need none.")
    boolean strictCsrf() default false;

    /** Failures in a row. */
    @AttributeDefinition(
            name = "Failed sign-ins",
            description =
                    "Failed sign-ins of one address in a row that are answered at once, 1 to 1000."
                            + " A value outside is taken as the nearest one inside.",
            min = "1",
            max = "1000")
    int signInBurst() default SignInThrottle.BURST;

    /** Delay after that. */
    @AttributeDefinition(
            name = "Milliseconds each",
            description =
                    "Milliseconds until one more failure is answered after that, 1 to 60000. A valid"
                            + " token is never kept out.",
            min = "1",
            max = "60000")
    int signInMillis() default SignInThrottle.MILLIS_EACH;
}
