// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;

/** Pools, ids and threads for tests. Stateless. */
final class Pools {
    static final long MIB = 1L << 20;
    static final DomainId DOMAIN = DomainId.of("memory-test");

    /** A machine about which nothing is known, so that nothing is refused. */
    static final MachineMemory UNKNOWN = new MachineMemory(Path.of("/nowhere/at/all"));

    private static final Random RANDOM = new Random();

    private Pools() {}

    static DomainPool open(long poolBytes) {
        return open(poolBytes, (reason, message, report, switchTime) -> {});
    }

    static DomainPool open(long poolBytes, PoolListener listener) {
        return new DomainPool(DOMAIN, poolBytes, listener, UNKNOWN, System::nanoTime);
    }

    static TaskId task() {
        return TaskId.of(Instant.EPOCH, RANDOM);
    }

    static long seed() {
        String text = System.getProperty("test.seed", "");
        return text.isEmpty() ? System.nanoTime() : Long.parseLong(text);
    }

    /** Runs something on a thread of its own that has ended afterwards. */
    static <T> T elsewhere(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform().start(task);
        thread.join(Duration.ofMinutes(1));
        assertThat(thread.isAlive()).isFalse();
        return task.get();
    }
}
