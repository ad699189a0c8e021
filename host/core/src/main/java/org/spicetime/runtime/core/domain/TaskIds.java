// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.spicetime.runtime.api.TaskId;

/** Draws task ids that no other host draws. Thread-safe. */
final class TaskIds {

    private static final String ALGORITHM = "L128X256MixRandom";
    private static final int SEED_BYTES = 48;

    private final RandomGenerator random =
            RandomGeneratorFactory.of(ALGORITHM).create(SecureRandom.getSeed(SEED_BYTES));

    synchronized TaskId next(Instant made) {
        return TaskId.of(made, random);
    }
}
