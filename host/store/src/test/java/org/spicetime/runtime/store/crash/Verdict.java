// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was found wrong with stores after crashes, by kind. Called by one thread at a time. */
final class Verdict {

    private static final int EXAMPLES = 3;

    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();
    private int images;
    private int faulty;
    private long promises;

    /** Counts an image, and what is wrong with it. */
    void add(String image, long checked, List<String> faults) {
        images++;
        promises += checked;
        if (!faults.isEmpty()) {
            faulty++;
        }
        for (String fault : faults) {
            String kind = fault.substring(0, fault.indexOf(':'));
            if (counts.merge(kind, 1, Integer::sum) <= EXAMPLES) {
                examples.add(image + ": " + fault);
            }
        }
    }

    int images() {
        return images;
    }

    int faulty() {
        return faulty;
    }

    long promises() {
        return promises;
    }

    /** How often something of a kind was found. */
    int count(String kind) {
        return counts.getOrDefault(kind, 0);
    }

    @Override
    public String toString() {
        return "%d images, %d promises checked, %d images with faults %s%s"
                .formatted(
                        images,
                        promises,
                        faulty,
                        counts,
                        examples.isEmpty() ? "" : "\n  " + String.join("\n  ", examples));
    }
}
