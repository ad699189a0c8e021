// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.health;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** From when on a resource of the machine is too scarce. A change holds from the next check on. */
@ObjectClassDefinition(
        name = "Domain Runtime: health",
        description =
                "From when on systemHealth calls a resource of the machine scarce. A value outside"
                        + " of its range is taken as the nearest one inside.")
public @interface HealthSettings {
    /** Free space that is little. */
    @AttributeDefinition(
            name = "Little disk space",
            description =
                    "Mebibytes free for the instance directory below which the host is DEGRADED,"
                            + " 0 to 1048576.",
            min = "0",
            max = "1048576")
    int diskDegradedMebibytes() default 512;

    /** Free space that is too little. */
    @AttributeDefinition(
            name = "Too little disk space",
            description =
                    "Mebibytes free for the instance directory below which the host is UNHEALTHY and"
                            + " not ready, 0 to 1048576.",
            min = "0",
            max = "1048576")
    int diskUnhealthyMebibytes() default 64;

    /** Memory that is little. */
    @AttributeDefinition(
            name = "Little memory",
            description =
                    "Mebibytes of memory that programs can still get, container limits applied, below"
                            + " which the host is DEGRADED, 0 to 1048576.",
            min = "0",
            max = "1048576")
    int memoryDegradedMebibytes() default 128;
}
