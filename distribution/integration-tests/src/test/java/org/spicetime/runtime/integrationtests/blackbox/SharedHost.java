// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.spicetime.runtime.integrationtests.Installation;

/**
 * Gives the tests that leave no trace one host together; it is started for the first of them and
 * stopped after the last test of the run. Thread-safe.
 */
final class SharedHost implements ParameterResolver {

    private static final ExtensionContext.Namespace SPACE =
            ExtensionContext.Namespace.create(SharedHost.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == HostProcess.class || type == GraphQl.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        HostProcess host =
                context.getRoot()
                        .getStore(SPACE)
                        .getOrComputeIfAbsent(HostProcess.class, _ -> start(), HostProcess.class);
        if (parameter.getParameter().getType() == HostProcess.class) {
            return host;
        }
        return context.getRoot()
                .getStore(SPACE)
                .getOrComputeIfAbsent(
                        GraphQl.class, _ -> new GraphQl(host.url(), host.token()), GraphQl.class);
    }

    private static HostProcess start() {
        try {
            HostProcess host =
                    HostProcess.start(Installation.assembled(), HostProcess.freshData("shared"));
            try (ConsolePages console = new ConsolePages(host)) {
                console.awaitUp();
                return host;
            } catch (RuntimeException e) {
                host.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
