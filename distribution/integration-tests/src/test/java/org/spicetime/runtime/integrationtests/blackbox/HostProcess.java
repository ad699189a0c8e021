// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spicetime.runtime.integrationtests.Installation;

/**
 * A host that runs as a process of its own; what it prints is kept beside its instance directory.
 * Called by one thread at a time.
 */
final class HostProcess implements AutoCloseable {

    private static final Pattern READY =
            Pattern.compile("(?m)^Domain Runtime ready at (https?://\\S+)$");
    private static final Duration START_LIMIT = Duration.ofSeconds(150);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);

    private final Process process;
    private final Path data;
    private final Path log;
    private final URI url;

    private HostProcess(Process process, Path data, Path log, URI url) {
        this.process = process;
        this.data = data;
        this.log = log;
        this.url = url;
    }

    /** A folder that does not exist yet, for an instance directory. */
    static Path freshData(String name) {
        try {
            Path parent = Files.createDirectories(Path.of("target/blackbox").toAbsolutePath());
            return Files.createTempDirectory(parent, name + "-").resolve("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts on any free port and waits until the host says that it is ready. The one caller that
     * all tests are may change things faster than the host that is shipped allows.
     */
    static HostProcess start(Installation installation, Path data) throws IOException {
        Path rates =
                data.resolve("etc/org.spicetime.runtime.graphql.engine.EngineComponent.config");
        if (Files.notExists(rates)) {
            Files.createDirectories(rates.getParent());
            Files.writeString(
                    rates,
                    """
                    mutationsPerSecond=I"100000"
                    mutationBurst=I"100000"
                    tasksPerSecond=I"1000000"
                    """);
        }
        return startAsShipped(installation, data);
    }

    /** Starts with the settings that are shipped. */
    static HostProcess startAsShipped(Installation installation, Path data) throws IOException {
        Path log = logBeside(data);
        Process process =
                command(installation, log, "run", "--port", "0", "--data", data.toString());
        try {
            await("the ready line in " + log)
                    .atMost(START_LIMIT)
                    .until(() -> !process.isAlive() || READY.matcher(read(log)).find());
            Matcher ready = READY.matcher(read(log));
            assertThat(ready.find())
                    .as("the host ended before it was ready: %s", read(log))
                    .isTrue();
            return new HostProcess(process, data, log, URI.create(ready.group(1)));
        } catch (RuntimeException | AssertionError e) {
            end(process);
            throw e;
        }
    }

    /** What a run of the script left behind. Immutable. */
    record Ended(int exitCode, String output) {}

    /** Runs the script to its end. */
    static Ended script(Installation installation, Path logs, String... words) {
        Path log = logBeside(logs);
        Process process = command(installation, log, words);
        try {
            boolean ended = process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(ended).as("%s ends; it said: %s", List.of(words), read(log)).isTrue();
            return new Ended(process.exitValue(), read(log));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            end(process);
        }
    }

    URI url() {
        return url;
    }

    Path data() {
        return data;
    }

    Path tokenFile() {
        return data.resolve("secrets/admin.token");
    }

    String token() {
        return read(tokenFile()).strip();
    }

    String log() {
        return read(log);
    }

    long processId() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks the host to end, as an operator does, and tells its exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("the host ends within %s", STOP_LIMIT)
                .isTrue();
        return process.exitValue();
    }

    /** Ends the host as a loss of its machine would: at once, in the middle of whatever it does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("the host is dead within %s", STOP_LIMIT)
                .isTrue();
    }

    @Override
    public void close() {
        end(process);
    }

    private static Process command(Installation installation, Path log, String... words) {
        List<String> command = new ArrayList<>();
        command.add(installation.home().resolve("bin/domain-runtime").toString());
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectErrorStream(true);
        builder.redirectInput(new java.io.File("/dev/null"));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Path logBeside(Path data) {
        try {
            Path parent = data.toAbsolutePath().getParent();
            return Files.createTempFile(parent, "output-", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
