// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.backup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.spicetime.runtime.api.store.StoreException;

/**
 * The command {@code domain-runtime restore}: {@code FILE INSTANCE-DIRECTORY}. Says one sentence;
 * exit code 0: restored, 1: not, and nothing was changed, 2: wrong command line. Called by one
 * thread.
 */
public final class RestoreCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;

    private RestoreCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Restores a backup.
     *
     * @param words the backup and the instance directory
     */
    public static void main(String[] words) {
        System.exit(run(words, System.out, System.err));
    }

    /** The same without the end of the process. */
    static int run(String[] words, PrintStream out, PrintStream err) {
        return new RestoreCommand(out, err).run(words);
    }

    private int run(String[] words) {
        if (words.length != 2) {
            return fail(USAGE, "restore needs a backup and an instance directory");
        }
        try {
            return restore(Path.of(words[0]), Path.of(words[1]));
        } catch (InvalidPathException malformed) {
            return fail(USAGE, "no file can be named \"" + malformed.getInput() + "\"");
        } catch (StoreException refused) {
            return fail(FAILED, String.valueOf(refused.getMessage()));
        } catch (IOException failed) {
            return fail(FAILED, words[1] + " cannot be used: " + failed.getMessage());
        }
    }

    private int restore(Path backup, Path instance) throws IOException {
        if (!Files.isDirectory(instance)) {
            return fail(FAILED, instance + " is no instance directory; start a host there once");
        }
        try (FileChannel lock =
                FileChannel.open(
                        instance.resolve(".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            if (isHeld(lock)) {
                return fail(FAILED, "a host serves " + instance + "; stop it first");
            }
            Restore.Restored restored =
                    new Restore(instance.resolve("store"), Restore.NEWEST_VERSION)
                            .from(backup, Instant.now());
            out.println(
                    restored.former() == null
                            ? "restored " + backup + "; there was no store before"
                            : "restored "
                                    + backup
                                    + "; the former store is in "
                                    + restored.former());
            return DONE;
        }
    }

    private static boolean isHeld(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() == null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return true;
        }
    }

    private int fail(int code, String sentence) {
        err.println("domain-runtime: " + sentence + ".");
        return code;
    }
}
