// SPDX-License-Identifier: Apache-2.0

/**
 * GraphQL over HTTP: methods, media types, status codes, and the whiteboard servlets. Called by
 * many request threads at a time.
 */
@NullMarked
package org.spicetime.runtime.graphql.http;

import org.jspecify.annotations.NullMarked;
