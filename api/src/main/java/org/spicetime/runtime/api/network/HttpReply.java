// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.network;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.Payload;

/**
 * The answer to an {@link HttpCall}. Immutable.
 *
 * @param status HTTP status
 * @param headers by lower-case name
 * @param body decoded body with its content type
 * @param roundTrip from sending until the whole answer was there, waiting for a connection apart
 */
public record HttpReply(
        int status, Map<String, List<String>> headers, Payload body, Duration roundTrip) {
    public HttpReply {
        headers = Map.copyOf(headers);
    }
}
