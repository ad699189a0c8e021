// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** Main memory as the Java runtime sees it, container limits applied. Thread-safe. */
final class MainMemory {

    private MainMemory() {}

    /** Bytes; where the runtime does not tell, the most its heap may take. */
    static long bytes() {
        try {
            Object told =
                    ManagementFactory.getPlatformMBeanServer()
                            .getAttribute(
                                    new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME),
                                    "TotalMemorySize");
            if (told instanceof Long bytes && bytes > 0) {
                return bytes;
            }
        } catch (JMException notTold) {
            // another Java runtime: the heap is what is known
        }
        return Runtime.getRuntime().maxMemory();
    }
}
