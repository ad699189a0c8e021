// SPDX-License-Identifier: Apache-2.0
/**
 * A field about the backlog of domains, as an example of a schema contribution. The contribution is
 * asked by many request threads at a time and keeps no state.
 */
@NullMarked
package org.spicetime.runtime.examples.schemacontribution;

import org.jspecify.annotations.NullMarked;
