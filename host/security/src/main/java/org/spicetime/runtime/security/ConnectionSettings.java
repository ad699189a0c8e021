// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of connections to the HTTP server. A change holds at once, for open ones too. */
@ObjectClassDefinition(
        name = "Domain Runtime: connections",
        description =
                "How many connections there may be, and how long the head of a request may take."
                        + " A value outside of its range is taken as the nearest one inside.")
public @interface ConnectionSettings {
    /** All of them. */
    @AttributeDefinition(
            name = "Connections",
            description =
                    "Connections at a time, 16 to 1000000, but at most half of the files that the"
                            + " process may have open. One more is closed as soon as it is there.",
            min = "16",
            max = "1000000")
    int connections() default 10_000;

    /** Those of one address. */
    @AttributeDefinition(
            name = "Connections of one address",
            description =
                    "Connections of one IPv4 address, or of one IPv6 network of 64 bits, at a time, 1"
                            + " to 1000000. One more is closed as soon as it is there.",
            min = "1",
            max = "1000000")
    int connectionsPerAddress() default 2_500;

    /** For a request line and its headers. */
    @AttributeDefinition(
            name = "Seconds for a head",
            description =
                    "Seconds in which the request line and the headers must arrive by HTTP/1, the"
                            + " first ones of a connection counted from its begin, 1 to 3600.",
            min = "1",
            max = "3600")
    int headSeconds() default 20;
}
