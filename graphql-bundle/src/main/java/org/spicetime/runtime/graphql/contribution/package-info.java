// SPDX-License-Identifier: Apache-2.0

/**
 * What bundles add to the schema: reading it on threads of their own, checking it, composing it
 * with the schema of the host, and answering its fields. Nothing of a bundle runs on a thread of
 * the host, and nothing of it is reachable after it left.
 */
@NullMarked
package org.spicetime.runtime.graphql.contribution;

import org.jspecify.annotations.NullMarked;
