// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** From when on the store refuses what grows it. Holds from the next start of the host on. */
@ObjectClassDefinition(
        name = "Domain Runtime: store",
        description =
                "When the disk of the task store counts as nearly full, and the room it keeps in"
                        + " reserve. Holds from the next start of the host on. A value outside of its"
                        + " range is taken as the nearest one inside.")
public @interface StoreLimits {
    /** Free space below which nothing new is taken. */
    @AttributeDefinition(
            name = "Least free disk space",
            description =
                    "Mebibytes free below which new tasks, schedules and domains are refused, 0 to"
                            + " 1048576.",
            min = "0",
            max = "1048576")
    int minFreeMebibytes() default 256;

    /** The same as a part of the disk. */
    @AttributeDefinition(
            name = "Least free part of the disk",
            description =
                    "Percent of the disk below which they are refused, if that is more than the"
                            + " mebibytes, 0 to 50.",
            min = "0",
            max = "50")
    int minFreePercent() default 5;

    /** Room kept for the end of what was begun. */
    @AttributeDefinition(
            name = "Ballast",
            description =
                    "Mebibytes of a file that is deleted when the disk is full, so that what runs can"
                            + " be brought to its end; 0 to 4096.",
            min = "0",
            max = "4096")
    int ballastMebibytes() default 64;
}
