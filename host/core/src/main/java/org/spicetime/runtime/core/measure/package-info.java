// SPDX-License-Identifier: Apache-2.0
/**
 * What the host measures of the machine, of its own process and, over time, of its domains. Values
 * are taken by the sampler thread and answered from memory by any thread; what was not measured is
 * absent.
 */
@NullMarked
package org.spicetime.runtime.core.measure;

import org.jspecify.annotations.NullMarked;
