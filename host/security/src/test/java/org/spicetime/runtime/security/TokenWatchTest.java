// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.security.Caller;

/** What becomes of the token's file while the host runs; each look is the test's own. */
@SuppressWarnings("NullAway.Init")
class TokenWatchTest {
    private static final String OTHER = "drt_" + "B".repeat(43);

    @TempDir Path instance;
    private TokenAuthenticator authenticator;
    private Path file;
    private String token;
    private Caller caller;

    @BeforeEach
    void start() throws IOException {
        authenticator = new TokenAuthenticator(instance);
        file = instance.resolve("secrets/admin.token");
        token = Files.readString(file).strip();
        caller = authenticator.authenticate(token).orElseThrow();
    }

    private void put(String content) throws IOException {
        Path half = file.resolveSibling("new");
        Files.writeString(half, content);
        Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rw-------"));
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aFileThatStaysChangesNothing() {
        authenticator.look();

        assertThat(authenticator.holds(caller)).isTrue();
        assertThat(authenticator.authenticate(token)).contains(caller);
    }

    @Test
    void aTokenThatIsReplacedHoldsNoLongerAndTheNewOneDoes() throws IOException {
        put(OTHER + "\n");
        authenticator.look();

        assertThat(authenticator.authenticate(token)).isEmpty();
        assertThat(authenticator.holds(caller)).isFalse();
        Caller other = authenticator.authenticate(OTHER).orElseThrow();
        assertThat(other.name()).isEqualTo("admin");
        assertThat(authenticator.holds(other)).isTrue();

        put(token + "\n");
        authenticator.look();
        assertThat(authenticator.holds(other)).isFalse();
        assertThat(authenticator.holds(caller)).isTrue();
    }

    @Test
    void aFileThatIsDeletedGivesANewToken() throws IOException {
        Files.delete(file);
        authenticator.look();

        String made = Files.readString(file).strip();
        assertThat(made).hasSize(47).isNotEqualTo(token);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(authenticator.authenticate(token)).isEmpty();
        assertThat(authenticator.holds(caller)).isFalse();
        assertThat(authenticator.authenticate(made)).isPresent();
    }

    @Test
    void aFileThatIsOpenToOthersOrHoldsNoTokenShutsTheDoorUntilItIsMended() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        authenticator.look();
        assertThat(authenticator.authenticate(token)).isEmpty();
        assertThat(authenticator.holds(caller)).isFalse();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        authenticator.look();
        assertThat(authenticator.holds(caller)).isTrue();

        for (String content : new String[] {"", "secret", "x".repeat(1000)}) {
            put(content);
            authenticator.look();
            assertThat(authenticator.authenticate(token)).isEmpty();
            assertThat(authenticator.authenticate(content)).isEmpty();
            assertThat(authenticator.holds(caller)).isFalse();
        }
        put(token);
        authenticator.look();
        assertThat(authenticator.holds(caller)).isTrue();
    }

    @Test
    void aFolderThatCannotBeLookedIntoForNowChangesNothing() throws IOException {
        Path away = instance.resolveSibling(instance.getFileName() + "-away");
        Files.move(instance, away);
        try {
            authenticator.look();
            assertThat(authenticator.holds(caller)).isTrue();
        } finally {
            Files.move(away, instance);
        }
        authenticator.look();
        assertThat(authenticator.holds(caller)).isTrue();
    }

    @Test
    void nobodyCanTellAfterTheEnd() {
        authenticator.stop();
        authenticator.look();

        assertThat(authenticator.holds(caller)).isFalse();
        assertThat(authenticator.authenticate(token)).isEmpty();
    }
}
