// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.osthreads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class OsThreadTest {

    @BeforeEach
    void onAMachineThatIsKnown() {
        assumeTrue(LinuxThreads.supported());
    }

    @Test
    void aThreadHasANumberThatTheSystemKnows() {
        OsThread self = OsThread.current().orElseThrow();
        assertThat(Path.of("/proc/self/task/" + self.number())).isDirectory();
        assertThat(self.sleeps()).isFalse();
    }

    @Test
    void aThreadThatWaitsSleepsAndOneThatComputesDoesNot() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean end = new AtomicBoolean();
        CompletableFuture<OsThread> number = new CompletableFuture<>();
        CompletableFuture<Boolean> computes = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            number.complete(OsThread.current().orElseThrow());
                            try {
                                go.await();
                            } catch (InterruptedException e) {
                                return;
                            }
                            computes.complete(true);
                            while (!end.get()) {
                                Thread.onSpinWait();
                            }
                        });
        OsThread seen = number.join();
        until(seen::sleeps);
        go.countDown();
        computes.join();
        until(() -> !seen.sleeps());
        end.set(true);
        thread.join();
        assertThat(seen.sleeps()).isFalse();
    }

    @Test
    void aDemotedThreadIsRankedBehindAllOthersAndComesBack() throws IOException {
        assumeTrue(Demotion.available());
        OsThread self = OsThread.current().orElseThrow();
        assertThat(policy(self)).isEqualTo(LinuxThreads.SCHED_OTHER);
        try {
            assertThat(Demotion.demote(self)).isTrue();
            assertThat(policy(self)).isEqualTo(LinuxThreads.SCHED_IDLE);
        } finally {
            assertThat(Demotion.restore(self)).isTrue();
        }
        assertThat(policy(self)).isEqualTo(LinuxThreads.SCHED_OTHER);
    }

    @Test
    void waitsCanBeMadePrecise() throws IOException {
        CompletableFuture<String> slack = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> {
                    boolean precise = OsThread.waitPrecisely();
                    int number = OsThread.current().orElseThrow().number();
                    try {
                        slack.complete(
                                precise
                                        + " "
                                        + Files.readString(
                                                Path.of("/proc/" + number + "/timerslack_ns")));
                    } catch (IOException e) {
                        slack.complete(precise + " unreadable");
                    }
                });
        assertThat(slack.join().strip()).isIn("true 1", "true unreadable");
    }

    /* Field 41 of the line, counted from the one after the name. */
    private static int policy(OsThread thread) throws IOException {
        String line = Files.readString(Path.of("/proc/self/task/" + thread.number() + "/stat"));
        return Integer.parseInt(line.substring(line.lastIndexOf(')') + 2).split(" ")[38]);
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(200_000);
        }
    }
}
