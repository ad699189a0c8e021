// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Main memory as the Java runtime sees it, container limits applied. Thread-safe. */
final class MainMemory {

    private MainMemory() {}

    /** Bytes; where the runtime does not tell, the most its heap may take. */
    static long bytes() {
        // Not by way of the platform's MBean server: making that costs the start a tenth of a
        // second.
        try {
            if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                    && system.getTotalMemorySize() > 0) {
                return system.getTotalMemorySize();
            }
        } catch (NoClassDefFoundError notTold) {
            // another Java runtime: the heap is what is known
        }
        return Runtime.getRuntime().maxMemory();
    }
}
