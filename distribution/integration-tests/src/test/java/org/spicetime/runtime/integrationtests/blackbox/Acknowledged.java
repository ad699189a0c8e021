// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a host has acknowledged, written down outside of it: one line per fact, in a file beside the
 * instance. Thread-safe.
 */
final class Acknowledged implements AutoCloseable {

    /** What becomes of a task once all is done. */
    enum Fate {
        RUNS,
        /** Its time comes after the test; whether somebody ended it before is unknown. */
        LATER,
        CANCELLED,
        SUSPENDED
    }

    /**
     * A task as it was acknowledged.
     *
     * @param name under which it is counted and, with a prefix, repeated
     * @param id its id
     */
    record Promise(String name, String id, Fate fate) {}

    private final BufferedWriter file;
    private final Map<String, Promise> byName = new ConcurrentHashMap<>();
    private final Map<String, Integer> runsWhenCompleted = new ConcurrentHashMap<>();

    Acknowledged(Path beside) throws IOException {
        file =
                Files.newBufferedWriter(
                        beside.resolveSibling("acknowledged.txt"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
    }

    /** The host has answered with this id. */
    void task(String name, String id, Fate fate) {
        Promise former = byName.putIfAbsent(name, new Promise(name, id, fate));
        if (former != null && !former.id().equals(id)) {
            throw new AssertionError(name + " is " + former.id() + " and " + id);
        }
        write("task " + name + " " + id);
    }

    /** The host has answered that the task will not run. */
    void fate(String name, Fate fate) {
        byName.computeIfPresent(name, (key, task) -> new Promise(name, task.id(), fate));
        write(fate + " " + name);
    }

    /** A client has seen that the task is COMPLETED, after so many runs. */
    void completed(String name, int runs) {
        if (runsWhenCompleted.putIfAbsent(name, runs) == null) {
            write("completed " + name + " " + runs);
        }
    }

    private synchronized void write(String line) {
        try {
            file.write(line);
            file.newLine();
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, Promise> tasks() {
        return byName;
    }

    Map<String, Integer> runsWhenCompleted() {
        return runsWhenCompleted;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
