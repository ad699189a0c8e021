// SPDX-License-Identifier: Apache-2.0

/**
 * From a {@link org.spicetime.runtime.api.Watch} to a reactive stream: buffers that never grow, and
 * a publisher that honours demand. Host threads only fill a buffer; responses are made elsewhere.
 */
@NullMarked
package org.spicetime.runtime.graphql.stream;

import org.jspecify.annotations.NullMarked;
