// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;

/**
 * The process: {@code run} starts the host in the foreground and stays until it is stopped.
 *
 * <p>Standard output carries the ready lines and nothing else; whatever a library prints goes to
 * standard error.
 */
public final class Main {
    private static final int JAVA = 25;
    private static final String SYSTEM_PREFIX = "launcher.system.";
    private static final String READY_NOTE = "launcher.ready.note";

    private final PrintStream out;
    private final PrintStream err;

    private Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the host.
     *
     * @param words see {@code --help}
     */
    public static void main(String[] words) {
        PrintStream out = System.out;
        System.setOut(System.err);
        Main main = new Main(out, System.err);
        try {
            main.run(List.of(words));
        } catch (StartRefusedException e) {
            main.err.println("domain-runtime: " + e.getMessage());
            System.exit(e.exitCode());
        }
    }

    private void run(List<String> words) throws StartRefusedException {
        Arguments arguments = Arguments.parse(words);
        if (arguments.help()) {
            out.println(Arguments.USAGE);
            return;
        }
        requireJava(Runtime.version().feature());
        Path home = home();
        InstanceDirectory instance =
                InstanceDirectory.open(arguments.data().orElse(home.resolve("data")));
        Map<String, String> settings =
                new HostProperties(home, instance.root()).load(arguments.properties());
        identify(settings, home, instance);
        settings.forEach((name, value) -> {
            if (name.startsWith(SYSTEM_PREFIX)) {
                System.setProperty(name.substring(SYSTEM_PREFIX.length()), value);
            }
        });
        ListenAddress listen = ListenAddress.of(settings);
        Readiness readiness = Readiness.of(settings, FrameworkUtil::createFilter);
        List<ShippedBundles.Shipped> bundles = ShippedBundles.in(home);
        List<Path> shell = List.of();
        if (arguments.shell()) {
            requireTerminal(System.console());
            shell = ShippedBundles.ofShell(home);
        }
        SavedConfigurations.forgetCopies(settings);
        listen.requireFree();
        if (listen.reachableFromOutside()) {
            err.println(
                    "domain-runtime: warning: "
                            + ListenAddress.ALLOW_PLAIN_HTTP
                            + " is set, so everybody who reaches "
                            + listen.address().getHostAddress()
                            + " can read what is sent.");
        }

        Host host = new Host(settings);
        Shutdown shutdown = new Shutdown(host.framework(), instance, err);
        shutdown.install();
        try {
            host.install(bundles);
            host.start();
            announce(instance, host.awaitReady(readiness, listen), settings);
            List<String> missing = host.startOthers();
            if (!missing.isEmpty() && !shutdown.begun()) {
                err.println(
                        "domain-runtime: warning: the host serves, but without "
                                + String.join("; ", missing)
                                + "; unpack the installation again.");
            }
            host.startShell(shell);
            boolean stopped = host.framework().waitForStop(0).getType() == FrameworkEvent.STOPPED;
            shutdown.exit(stopped ? 0 : StartRefusedException.FAILED);
        } catch (StartRefusedException e) {
            leave(shutdown, Sentence.of(e), e.exitCode());
        } catch (IOException e) {
            leave(
                    shutdown,
                    "cannot write to the instance directory: " + Sentence.of(e) + ".",
                    StartRefusedException.FAILED);
        } catch (InterruptedException e) {
            leave(shutdown, "interrupted.", StartRefusedException.FAILED);
        } catch (RuntimeException e) {
            if (!shutdown.begun()) {
                e.printStackTrace(err);
            }
            leave(
                    shutdown,
                    "the start failed: " + Sentence.of(e) + ".",
                    StartRefusedException.FAILED);
        }
    }

    private void leave(Shutdown shutdown, String message, int exitCode) {
        if (!shutdown.begun()) {
            err.println("domain-runtime: " + message);
        }
        shutdown.exit(exitCode);
    }

    private void announce(InstanceDirectory instance, URI url, Map<String, String> settings)
            throws IOException {
        instance.announce(ProcessHandle.current().pid(), url.toString());
        out.println("Domain Runtime ready at " + url);
        String note = settings.get(READY_NOTE);
        if (note != null) {
            out.println(note);
        }
        out.flush();
    }

    private static void identify(
            Map<String, String> settings, Path home, InstanceDirectory instance) {
        Map<String, String> facts =
                Map.of(
                        "spicetime.home", home.toString(),
                        "spicetime.instance", instance.root().toString(),
                        "spicetime.host.id", instance.hostId().toString(),
                        "spicetime.host.incarnation", UUID.randomUUID().toString());
        settings.putAll(facts);
        facts.forEach(System::setProperty);
    }

    private static void requireTerminal(@Nullable Console console) throws StartRefusedException {
        if (console == null || !console.isTerminal()) {
            throw StartRefusedException.usage(
                    "--shell needs a terminal, and standard input or output is none; start without it.");
        }
    }

    static void requireJava(int feature) throws StartRefusedException {
        if (feature != JAVA) {
            throw StartRefusedException.failed(
                    "JDK "
                            + JAVA
                            + " is needed, this is "
                            + feature
                            + "; set JAVA_HOME to a JDK "
                            + JAVA
                            + ".");
        }
    }

    private static Path home() throws StartRefusedException {
        String home = System.getProperty("spicetime.home");
        if (home == null || !Files.isDirectory(Path.of(home))) {
            throw StartRefusedException.failed(
                    "the installation is not known, because the system property spicetime.home names no directory;"
                            + " start with bin/domain-runtime.");
        }
        return Path.of(home).toAbsolutePath().normalize();
    }
}
