// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks;

import java.util.function.Consumer;

/** Some figures that belong together. */
@FunctionalInterface
public interface Suite {
    /**
     * Measures; tells each figure as soon as it is known.
     *
     * @throws Exception if it cannot be measured
     */
    void run(Lab lab, Consumer<Figure> figures) throws Exception;
}
