// SPDX-License-Identifier: Apache-2.0
/**
 * Spring for GraphQL over Spring MVC as Spring Boot sets it up, a peer of the GraphQL endpoint in a
 * process of its own. Threads are those of Spring's web server.
 */
@NullMarked
package org.spicetime.runtime.benchmarks.peers.spring;

import org.jspecify.annotations.NullMarked;
