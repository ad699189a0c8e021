// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM with this one's class path, and perhaps the preloaded library. Called by one thread. */
final class ChildJvm implements AutoCloseable {

    /** Exit code of a process that was killed by SIGKILL. */
    static final int KILLED = 128 + 9;

    private static final int LONGEST_MINUTES = 5;

    private final Process process;
    private final Path output;

    private ChildJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static ChildJvm start(
            Path output, Map<String, String> environment, Class<?> main, Object... arguments)
            throws IOException {
        return start(output, List.of(), environment, main, arguments);
    }

    /** One whose files may have so many kilobytes at most. */
    static ChildJvm startLimited(
            Path output,
            int kilobytes,
            Map<String, String> environment,
            Class<?> main,
            Object... arguments)
            throws IOException {
        List<String> limit =
                List.of("bash", "-c", "ulimit -f " + kilobytes + "; exec \"$@\"", "limited");
        return start(output, limit, environment, main, arguments);
    }

    private static ChildJvm start(
            Path output,
            List<String> before,
            Map<String, String> environment,
            Class<?> main,
            Object... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start(), output);
    }

    /** The environment in which files below a directory are watched. */
    static Map<String, String> watched(Path library, Path directory, String rule) {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAULTS_DIR",
                directory.toString(),
                "FAULTS_RULE",
                rule);
    }

    /** Waits for a while; whether it has ended. */
    boolean ended(long time, TimeUnit unit) throws InterruptedException {
        return process.waitFor(time, unit);
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    /** Its exit code, once it has ended. */
    int await() throws InterruptedException, IOException {
        if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
            kill();
            throw new AssertionError("the child did not end:\n" + output());
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        kill();
    }
}
