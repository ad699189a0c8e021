// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.migration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of the layout. Immutable.
 *
 * @param version its number, from 1
 * @param sql its statements
 */
public record Step(int version, String sql) {

    /** The layout of this code. */
    public static final List<Step> ALL = bundled();

    private static List<Step> bundled() {
        List<Step> steps = new ArrayList<>();
        for (int version = 1; ; version++) {
            try (InputStream sql = Step.class.getResourceAsStream(version + ".sql")) {
                if (sql == null) {
                    return List.copyOf(steps);
                }
                steps.add(
                        new Step(version, new String(sql.readAllBytes(), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new IllegalStateException("step " + version + " cannot be read", e);
            }
        }
    }

    byte[] checksum() {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(sql.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
