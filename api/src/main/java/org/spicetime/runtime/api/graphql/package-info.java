// SPDX-License-Identifier: Apache-2.0
/**
 * How a bundle adds fields to the GraphQL schema. No type of a GraphQL library appears here. A
 * contribution is called by many request threads at a time.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.graphql;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
