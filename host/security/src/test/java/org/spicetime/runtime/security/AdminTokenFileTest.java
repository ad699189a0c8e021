// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;

class AdminTokenFileTest {
    @TempDir Path instance;

    private Path folder() {
        return instance.resolve("secrets");
    }

    private Path file() {
        return folder().resolve("admin.token");
    }

    @Test
    void theFirstStartMakesATokenThatOnlyItsOwnerCanRead() throws Exception {
        String token = new AdminTokenFile(instance).readOrCreate();

        assertThat(token).matches("drt_[A-Za-z0-9_-]{43}");
        assertThat(Files.readString(file())).isEqualTo(token + "\n");
        assertThat(mode(file())).isEqualTo("rw-------");
        assertThat(mode(folder())).isEqualTo("rwx------");
        try (var entries = Files.list(folder())) {
            assertThat(entries).containsExactly(file());
        }
    }

    @Test
    void laterStartsKeepTheToken() {
        String token = new AdminTokenFile(instance).readOrCreate();

        assertThat(new AdminTokenFile(instance).readOrCreate()).isEqualTo(token);
    }

    @Test
    void eachInstanceHasItsOwnToken(@TempDir Path other) {
        assertThat(new AdminTokenFile(instance).readOrCreate())
                .isNotEqualTo(new AdminTokenFile(other).readOrCreate());
    }

    @Test
    void aHalfWrittenTokenOfACrashIsReplaced() throws Exception {
        Files.createDirectory(
                folder(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file().resolveSibling(".admin.token.new"), "drt_ha");

        assertThat(new AdminTokenFile(instance).readOrCreate()).hasSize(47);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
    void aTokenThatOthersCanReachIsRefused(String mode) throws Exception {
        new AdminTokenFile(instance).readOrCreate();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(mode));

        assertThatThrownBy(() -> new TokenAuthenticator(instance))
                .isInstanceOf(UnusableTokenException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining(mode)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void aFolderThatOthersCanReachIsRefused() throws Exception {
        new AdminTokenFile(instance).readOrCreate();
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> new TokenAuthenticator(instance))
                .isInstanceOf(UnusableTokenException.class)
                .hasMessageContaining("chmod 700");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "drt_short",
                "drt_0123456789012345678901234567890123456789012\nx"
            })
    void aFileThatHoldsNoTokenIsRefusedWithoutRepeatingIt(String content) throws Exception {
        new AdminTokenFile(instance).readOrCreate();
        Files.writeString(file(), content);

        assertThatThrownBy(() -> new TokenAuthenticator(instance))
                .isInstanceOf(UnusableTokenException.class)
                .hasMessage(
                        "the token file %s does not hold drt_ and 43 characters: delete it to get a new token"
                                .formatted(file()));
    }

    @Test
    void aLinkOrADirectoryInPlaceOfTheFileIsRefused(@TempDir Path elsewhere) throws Exception {
        String token = new AdminTokenFile(elsewhere).readOrCreate();
        assertThat(token).isNotEmpty();
        new AdminTokenFile(instance).readOrCreate();
        Files.delete(file());
        Files.createSymbolicLink(file(), elsewhere.resolve("secrets/admin.token"));
        assertThatThrownBy(() -> new TokenAuthenticator(instance))
                .isInstanceOf(UnusableTokenException.class);

        Files.delete(file());
        Files.createDirectory(
                file(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThatThrownBy(() -> new TokenAuthenticator(instance))
                .isInstanceOf(UnusableTokenException.class);
    }

    @Test
    void anInstanceDirectoryThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> new TokenAuthenticator(instance.resolve("missing")))
                .isInstanceOf(UnusableTokenException.class)
                .hasMessageContaining("cannot use the token file");
    }

    @Test
    void onlyTheTokenItselfIsTheAdministrator() throws Exception {
        TokenAuthenticator authenticator = new TokenAuthenticator(instance);
        String token = Files.readString(file()).strip();

        Caller admin = authenticator.authenticate(token).orElseThrow();
        assertThat(admin.name()).isEqualTo("admin");
        assertThat(admin.role()).isEqualTo(Role.ADMIN);
        assertThat(admin.mayDeploy()).isTrue();
        assertThat(admin.credential()).hasSize(16);
        assertThat(token).doesNotContain(admin.credential());
        assertThat(authenticator.holds(admin)).isTrue();
        assertThat(authenticator.holds(new Caller("admin", Role.ADMIN, true))).isFalse();
        assertThat(authenticator.authenticate("")).isEmpty();
        assertThat(authenticator.authenticate(token + " ")).isEmpty();
        assertThat(authenticator.authenticate(token.substring(1))).isEmpty();
        assertThat(authenticator.authenticate(token.toLowerCase(java.util.Locale.ROOT) + "x"))
                .isEmpty();
        assertThat(authenticator.authenticate("x".repeat(10_000_000))).isEmpty();
    }

    @Test
    void theTokenIsNeverLogged() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Level before = root.getLevel();
        root.setLevel(Level.TRACE);
        root.addAppender(log);
        log.start();
        String token;
        try {
            token = new AdminTokenFile(instance).readOrCreate();
            assertThat(new TokenAuthenticator(instance).authenticate(token)).isPresent();
        } finally {
            root.detachAppender(log);
            root.setLevel(before);
        }

        assertThat(log.list).isNotEmpty();
        assertThat(log.list).noneMatch(event -> event.getFormattedMessage().contains(token));
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
