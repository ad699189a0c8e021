// SPDX-License-Identifier: Apache-2.0
/**
 * Task sets whose schedules are known exactly, run through the shipped policies on the shipped
 * kernel in virtual time. Traces and response times come from an independent simulator; its rule:
 * all tasks are released at 0, deadlines are periods, late releases run to their ends, the order is
 * the key of the policy, then the earlier release, then the earlier task, and a running task keeps
 * its slot on an equal key. Tests run on the thread JUnit gives them.
 */
@NullMarked
package org.spicetime.runtime.integrationtests.oracle;

import org.jspecify.annotations.NullMarked;
