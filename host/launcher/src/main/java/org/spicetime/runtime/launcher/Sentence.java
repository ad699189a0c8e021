// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Puts what went wrong into words that fit into a sentence. */
final class Sentence {
    private Sentence() {}

    static String of(Throwable problem) {
        return switch (problem) {
            case AccessDeniedException e -> "permission denied for " + e.getFile();
            case NoSuchFileException e -> e.getFile() + " does not exist";
            case NotDirectoryException e -> e.getFile() + " is not a directory";
            case FileAlreadyExistsException e -> e.getFile() + " is not a directory";
            case FileSystemException e when e.getReason() != null ->
                    e.getFile() + ": " + e.getReason();
            default -> oneLine(problem);
        };
    }

    private static String oneLine(Throwable problem) {
        String message = problem.getMessage();
        String text =
                message == null || message.isBlank() ? problem.getClass().getSimpleName() : message;
        return text.strip().replaceAll("\\s+", " ");
    }
}
