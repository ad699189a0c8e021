// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

/** A subject and where it has to run. */
interface Contestant {
    /** Something done with a subject. */
    @FunctionalInterface
    interface Work<T> {
        T with(Subject subject) throws Exception;
    }

    /** For people. */
    String name();

    /** Whether each replay begins with an allocator made anew, rather than one with a past. */
    boolean madeAnew();

    /** Does it where the subject has to run. */
    <T> T run(Work<T> work) throws Exception;

    /** One that runs anywhere. */
    static Contestant of(Subject subject) {
        return new Contestant() {
            @Override
            public String name() {
                return subject.name();
            }

            @Override
            public boolean madeAnew() {
                return subject.madeAnew();
            }

            @Override
            public <T> T run(Work<T> work) throws Exception {
                return work.with(subject);
            }
        };
    }
}
