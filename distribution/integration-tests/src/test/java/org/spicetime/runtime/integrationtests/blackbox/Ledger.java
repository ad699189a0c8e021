// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Counts outside of the host how often each numbered task ran, and holds their answers back until a
 * gate opens; tasks with a number below the count of gates are waited for. Thread-safe.
 */
final class Ledger implements AutoCloseable {

    private static final int GATE_SECONDS = 120;

    private final int tasks;
    private final int gates;
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch atGate;
    private final RunCounter runs = new RunCounter(this::hold);

    Ledger(int tasks, int gates) {
        this.tasks = tasks;
        this.gates = gates;
        atGate = new CountDownLatch(gates);
    }

    private void hold(String number) throws IOException, InterruptedException {
        if (Integer.parseInt(number) < gates) {
            atGate.countDown();
        }
        // All of them, since a task that waits for its answer leaves its slot to the next one.
        if (!gate.await(GATE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the gate stayed shut");
        }
    }

    /** The task of this number: one POST, which nobody repeats on his own account. */
    Map<String, Object> task(String domain, int number, Map<String, ?> more) {
        Map<String, Object> input = new HashMap<>(more);
        input.put("domainId", domain);
        input.put("type", "NETWORK");
        input.put("name", "task " + number);
        input.put("payload", runs.payload(String.valueOf(number)));
        return input;
    }

    void awaitGates() throws InterruptedException {
        assertThat(atGate.await(GATE_SECONDS, TimeUnit.SECONDS))
                .as("the workers hold their first tasks")
                .isTrue();
    }

    void openGate() {
        gate.countDown();
    }

    /** Fails naming the tasks that did not run exactly once. */
    void requireEachRanOnce() {
        assertThat(IntStream.range(0, tasks).filter(number -> ran(number) != 1))
                .as("tasks that did not run exactly once")
                .isEmpty();
    }

    /** How many tasks have run. */
    long ran() {
        return IntStream.range(0, tasks).filter(number -> ran(number) > 0).count();
    }

    private int ran(int number) {
        return runs.of(String.valueOf(number));
    }

    @Override
    public void close() {
        openGate();
        runs.close();
    }
}
