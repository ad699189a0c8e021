// SPDX-License-Identifier: Apache-2.0

/**
 * GraphQL over WebSocket, sub-protocol {@code graphql-transport-ws}. The protocol is free of Jetty
 * types; {@link org.spicetime.runtime.graphql.websocket.GraphQlSocket} is the adapter. A connection
 * receives on one thread at a time; sources, timers and sends may use others.
 */
@NullMarked
package org.spicetime.runtime.graphql.websocket;

import org.jspecify.annotations.NullMarked;
