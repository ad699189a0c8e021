// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaitingComponentsTest {

    @Test
    void theCauseOfAFailureIsTheFirstMessageThatIsNotAboutReflection() {
        String trace =
                """
                java.lang.reflect.InvocationTargetException
                \tat java.base/jdk.internal.reflect.Direct.newInstance(Direct.java:74)
                Caused by: org.example.StoreException: the file x.db is no store: not a database
                \tat org.example.Store.open(Store.java:1)
                \t... 3 more
                Caused by: java.sql.SQLException: [SQLITE_NOTADB] file is not a database
                \t... 4 more
                """;
        assertThat(WaitingComponents.cause(trace))
                .isEqualTo("the file x.db is no store: not a database");
    }

    @Test
    void aFailureWithoutAMessageIsToldByItsName() {
        assertThat(WaitingComponents.cause("java.lang.IllegalStateException\n\tat x.y(Z.java)\n"))
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(WaitingComponents.cause("")).isEqualTo("it failed");
    }
}
