// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.PluginKind;

/**
 * A plugin that is deployed and not offered. Immutable.
 *
 * @param kind its kind
 * @param name its name; null: it told none
 * @param origin its bundle
 * @param message why, in one sentence
 */
public record PluginProblem(
        PluginKind kind, @Nullable String name, PluginOrigin origin, String message) {}
