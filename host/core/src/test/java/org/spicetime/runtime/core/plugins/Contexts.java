// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.lang.reflect.Proxy;
import org.spicetime.runtime.api.handler.TaskContext;

/** Contexts for handlers that use none. */
final class Contexts {

    private Contexts() {}

    static TaskContext none() {
        return (TaskContext)
                Proxy.newProxyInstance(
                        TaskContext.class.getClassLoader(),
                        new Class<?>[] {TaskContext.class},
                        (proxy, method, arguments) -> {
                            throw new UnsupportedOperationException(method.getName());
                        });
    }
}
