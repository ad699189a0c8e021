// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.RuntimeStatus;

/** What an operator types into the Gogo shell. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class ShellCommandsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern TASK =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");

    @Service BundleContext context;
    @Service Domains domains;
    @Service CommandProcessor processor;

    @Test
    void domainsAreListedAndShown() throws Exception {
        assertThat(run("domain:list"))
                .contains("DOMAIN", "ethical-scoring", "content-processing", "EDF", "PRIORITY");
        assertThat(run("domain:show ethical-scoring"))
                .contains("policy", "EDF", "pool total", "64.0 MiB");
        assertThat(run("memory:list")).contains("TLSF", "64.0 MiB");
        assertThat(run("memory:show ethical-scoring")).contains("67108864");
    }

    @Test
    void aDomainIsPausedResumedDrainedStoppedAndStarted() throws Exception {
        try (DomainProbe probe = DomainProbe.create(domains, "shell-life", "FIFO", "TLSF")) {
            assertThat(run("domain:pause shell-life")).startsWith("shell-life is PAUSED");
            assertThat(probe.state().status()).isEqualTo(RuntimeStatus.PAUSED);
            assertThat(run("domain:resume shell-life")).isEqualTo("shell-life is RUNNING");
            assertThat(run("domain:drain shell-life")).startsWith("shell-life is DRAINING");
            assertThat(run("domain:resume shell-life")).isEqualTo("shell-life is RUNNING");
            assertThat(run("domain:stop --drain shell-life")).startsWith("shell-life is STOPPED");
            assertThat(run("domain:start shell-life")).isEqualTo("shell-life is RUNNING");
        }
    }

    @Test
    void aConfigurationIsRehearsedAndChanged() throws Exception {
        try (DomainProbe probe = DomainProbe.create(domains, "shell-config", "FIFO", "TLSF")) {
            run("domain:configure --dry-run shell-config scheduler.policy=EDF");
            assertThat(probe.state().revision()).isEqualTo(1);
            assertThat(
                            run(
                                    "domain:configure -r 1 shell-config scheduler.policy=EDF"
                                            + " executor.parallelism=3"))
                    .isEqualTo("shell-config has revision 2");
            assertThat(probe.state().config().scheduler().policy()).isEqualTo("EDF");
            assertThat(probe.state().config().executor().parallelism()).isEqualTo(3);
            assertThatThrownBy(
                            () -> run("domain:configure -r 1 shell-config scheduler.policy=FIFO"))
                    .hasMessageStartingWith("CONFLICT: ");
        }
    }

    @Test
    void aTaskIsScheduledListedShownCancelledAndTriedAgain() throws Exception {
        try (DomainProbe probe = DomainProbe.create(domains, "shell-tasks", "FIFO", "TLSF")) {
            run("domain:pause shell-tasks");
            String answer =
                    run(
                            "task:schedule --name typed --priority 7 --parameters"
                                    + " '{\"rounds\": 2}' shell-tasks COMPUTATION");
            String id = idIn(answer);
            assertThat(answer).endsWith(" is READY");
            assertThat(run("task:list shell-tasks")).contains(id, "typed", "digest.data");
            assertThat(run("task:list -s running shell-tasks")).isEqualTo("no task matches");
            assertThat(run("task:show " + id)).contains("typed", "READY", "shell");
            assertThat(run("task:cancel -r 'not needed' " + id)).isEqualTo(id + " is CANCELLED");
            run("domain:resume shell-tasks");
            String second = idIn(run("task:schedule shell-tasks COMPUTATION"));
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(run("task:show " + second)).contains("COMPLETED"));
            assertThatThrownBy(() -> run("task:retry " + second))
                    .hasMessageStartingWith("CONFLICT: ");
            assertThat(run("memory:collect shell-tasks")).startsWith("reclaimed ");
            assertThat(probe.domain().metrics().tasksScheduled()).isEqualTo(2);
        }
    }

    @Test
    void aPolicyIsEjectedAndReinstated() throws Exception {
        try (DomainProbe probe = DomainProbe.create(domains, "shell-policy", "FIFO", "TLSF")) {
            assertThat(run("policy:list"))
                    .contains("SAFE_FIFO", "built in", "FIRST_FIT", "digest.data");
            assertThat(run("policy:eject --domain shell-policy --reason trial policy FIFO"))
                    .isEqualTo("FIFO is ejected from shell-policy, SAFE_FIFO took over");
            assertThat(probe.state().activePolicy()).isEqualTo("SAFE_FIFO");
            assertThat(run("policy:incidents")).contains("FIFO", "OPERATOR", "trial");
            assertThat(run("policy:reinstate policy FIFO")).isEqualTo("FIFO is ACTIVE");
            probe.awaitState("on FIFO", state -> state.activePolicy().equals("FIFO"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "domain:show no-such-domain | NOT_FOUND: there is no domain \"no-such-domain\"",
                "domain:show 'a b' | BAD_USER_INPUT: ",
                "domain:configure ethical-scoring | BAD_USER_INPUT: settings",
                "domain:configure ethical-scoring scheduler.policy=NONE_SUCH | BAD_USER_INPUT: ",
                "domain:configure ethical-scoring nonsense | BAD_USER_INPUT: ",
                "domain:configure ethical-scoring a=1 a.b=2 | BAD_USER_INPUT: ",
                "task:list -s odd | BAD_USER_INPUT: status",
                "task:list -n 0 | BAD_USER_INPUT: limit must be 1 .. 1000, was 0",
                "task:show 17 | BAD_USER_INPUT: ",
                "task:show 01890000-0000-7000-8000-000000000000 | NOT_FOUND: ",
                "task:schedule ethical-scoring ODD | BAD_USER_INPUT: type",
                "task:schedule -p x ethical-scoring IO | BAD_USER_INPUT: priority",
                "policy:reinstate policy NONE_SUCH | NOT_FOUND: ",
                "policy:eject policy NONE_SUCH | NOT_FOUND: ",
                "policy:eject gadget FIFO | BAD_USER_INPUT: kind",
                "policy:eject policy SAFE_FIFO | BAD_USER_INPUT: "
            })
    void aMistakeIsOneSentenceBehindItsCode(String command, String message) {
        assertThatThrownBy(() -> run(command))
                .hasMessageStartingWith(message.strip())
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("\n"));
    }

    @Test
    void aHostileNameCannotSteerTheTerminal() throws Exception {
        try (DomainProbe probe = DomainProbe.create(domains, "shell-hostile", "FIFO", "TLSF")) {
            run("domain:pause shell-hostile");
            run("task:schedule --name '\u001b[2Jgone\u202e' shell-hostile COMPUTATION");
            assertThat(run("task:list shell-hostile"))
                    .doesNotContain("\u001b", "\u202e")
                    .contains("\\u001b[2Jgone\\u202e");
            assertThat(probe.domain().metrics().tasksPending()).isEqualTo(1);
        }
    }

    @Test
    void noShellListensAnywhere() {
        assertThat(java.util.Arrays.stream(context.getBundles()))
                .noneMatch(bundle ->
                        String.valueOf(bundle.getSymbolicName())
                                .matches(".*(shell.remote|gogo.shell|gogo.jline|ssh).*"));
    }

    private String run(String command) throws Exception {
        try (CommandSession session = session(new ByteArrayOutputStream())) {
            return String.valueOf(session.execute(command));
        }
    }

    private CommandSession session(ByteArrayOutputStream out) {
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return processor.createSession(new ByteArrayInputStream(new byte[0]), print, print);
    }

    private static String idIn(String answer) {
        Matcher id = TASK.matcher(answer);
        assertThat(id.find()).as(answer).isTrue();
        return id.group();
    }
}
