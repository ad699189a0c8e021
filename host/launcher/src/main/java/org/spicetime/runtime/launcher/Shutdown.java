// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/**
 * The one way out: whether a signal came, the start was refused or the framework was stopped from
 * inside, the framework is stopped, the instance directory released, and the process ends with a
 * code that tells. Thread-safe.
 *
 * <p>The JVM ends with 128 + signal after a signal, whatever its hooks do; a clean stop shall be 0.
 * So the hook halts the process itself in that case. After {@link #exit} it does not: the code is
 * decided already.
 */
final class Shutdown {
    static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int UNDECIDED = -1;
    private static final int BY_SIGNAL = -2;

    private final Framework framework;
    private final InstanceDirectory instance;
    private final PrintStream err;
    private final AtomicInteger code = new AtomicInteger(UNDECIDED);

    Shutdown(Framework framework, InstanceDirectory instance, PrintStream err) {
        this.framework = framework;
        this.instance = instance;
        this.err = err;
    }

    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "launcher-shutdown"));
    }

    /**
     * Whether the process is on its way out; what fails from then on is a consequence, not a fault.
     */
    boolean begun() {
        return code.get() != UNDECIDED;
    }

    /** Ends the process with this code; does not return. */
    void exit(int exitCode) {
        code.compareAndSet(UNDECIDED, exitCode);
        System.exit(exitCode);
    }

    private void run() {
        boolean bySignal = code.compareAndSet(UNDECIDED, BY_SIGNAL);
        boolean clean = stop();
        if (bySignal) {
            Runtime.getRuntime().halt(clean ? 0 : StartRefusedException.FAILED);
        }
    }

    private boolean stop() {
        boolean clean = true;
        try {
            framework.stop();
            if (framework.waitForStop(LIMIT.toMillis()).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                clean = false;
                err.println(
                        "domain-runtime: the bundles did not stop within "
                                + LIMIT.toSeconds()
                                + " s, so the process"
                                + " ends without them.");
            }
        } catch (BundleException e) {
            clean = false;
            err.println(
                    "domain-runtime: the framework could not be stopped: " + Sentence.of(e) + ".");
        } catch (InterruptedException e) {
            clean = false;
            Thread.currentThread().interrupt();
        }
        try {
            instance.close();
        } catch (IOException e) {
            clean = false;
            err.println(
                    "domain-runtime: cannot release "
                            + instance.root()
                            + ": "
                            + Sentence.of(e)
                            + ".");
        }
        return clean;
    }
}
