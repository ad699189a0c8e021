// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

/**
 * A value that is JSON already and written as it is. Immutable.
 *
 * @param text one JSON value
 */
public record JsonText(String text) {}
