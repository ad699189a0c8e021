// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;
import org.spicetime.runtime.integrationtests.blackbox.HostProcess.Ended;

/** A host whose store cannot be used says so in one sentence, and leaves the files as they are. */
class StoreAtStartDistributionIT {

    /* Where the head of the file tells its layout. */
    private static final int USER_VERSION = 60;

    private final Installation installation = Installation.assembled();

    @Test
    void aFileThatIsNoStoreIsRefusedAndStaysAsItIs() throws IOException {
        Path data = HostProcess.freshData("foreign-store");
        Path store = Files.createDirectories(data.resolve("store"));
        String content = "not a database, but somebody's notes. ".repeat(300);
        Path file = Files.writeString(store.resolve("tasks.db"), content);

        Ended ended =
                HostProcess.script(
                        installation, data, "run", "--port", "0", "--data", data.toString());

        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(sentences(ended))
                .singleElement()
                .asString()
                .contains(file.toString(), "is not a task store", "Move it away");
        assertThat(ended.output()).doesNotContain("Domain Runtime ready");
        assertThat(file).hasContent(content);
        try (Stream<Path> beside = Files.list(store)) {
            assertThat(beside.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("tasks.db-"));
        }
    }

    @Test
    void aBackupIsPutBackAndWhatIsNoSoundStoreIsRefused() throws Exception {
        Path data = HostProcess.freshData("restored-store");
        Path backup;
        String task;
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl client = new GraphQl(host.url(), host.token())) {
            DomainOfTest domain = DomainOfTest.create(client, "restored");
            task = suspended(client, domain, "before");
            backup =
                    data.resolve("backup")
                            .resolve(
                                    client.data("mutation { backupStore { file } }")
                                            .at("/backupStore/file")
                                            .asText());
            suspended(client, domain, "after");
            assertThat(host.stop()).isZero();
        }
        Path file = data.resolve("store/tasks.db");
        byte[] stored = Files.readAllBytes(file);
        refusesToStart(data, Arrays.copyOf(stored, stored.length / 2), "is truncated");
        byte[] newer = stored.clone();
        ByteBuffer.wrap(newer).putInt(USER_VERSION, 99);
        refusesToStart(data, newer, "has layout 99");
        Files.write(file, stored);

        byte[] whole = Files.readAllBytes(backup);
        Path damaged = data.resolveSibling("damaged.db");
        Files.write(damaged, Arrays.copyOf(whole, whole.length / 2));
        Ended refused = restore(data, damaged);
        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
        assertThat(sentences(refused)).singleElement().asString().contains(damaged.toString());
        assertThat(file).hasBinaryContent(stored);

        Ended restored = restore(data, backup);
        assertThat(restored.exitCode()).as(restored.output()).isZero();
        assertThat(restored.output()).contains("the former store is in");
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl client = new GraphQl(host.url(), host.token())) {
            assertThat(client.data("{ tasks(domainId: \"restored\") { id name } }").path("tasks"))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.path("id").asText()).isEqualTo(task);
                        assertThat(found.path("name").asText()).isEqualTo("before");
                    });
            assertThat(host.stop()).isZero();
        }
    }

    private static String suspended(GraphQl client, DomainOfTest domain, String name) {
        return client.data(
                        "mutation($input: TaskInput!) { scheduleTask(input: $input) { id } }",
                        Map.of(
                                "input",
                                domain.task(
                                        Map.of(
                                                "name",
                                                name,
                                                "runAt",
                                                Instant.now()
                                                        .plus(Duration.ofDays(1))
                                                        .toString()))))
                .at("/scheduleTask/id")
                .asText();
    }

    private Ended restore(Path data, Path backup) {
        return HostProcess.script(
                installation, data, "restore", backup.toString(), "--data", data.toString());
    }

    private void refusesToStart(Path data, byte[] content, String why) throws IOException {
        Path file = Files.write(data.resolve("store/tasks.db"), content);
        Ended ended =
                HostProcess.script(
                        installation, data, "run", "--port", "0", "--data", data.toString());
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(sentences(ended)).singleElement().asString().contains(file.toString(), why);
        assertThat(file).hasBinaryContent(content);
    }

    private static List<String> sentences(Ended ended) {
        return ended.output().lines().filter(line -> line.startsWith("domain-runtime: ")).toList();
    }
}
