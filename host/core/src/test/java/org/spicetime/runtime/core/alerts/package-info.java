// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.spicetime.runtime.core.alerts;

import org.jspecify.annotations.NullMarked;
