// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.service.command.Descriptor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandsTest {

    static Stream<Method> commands() {
        List<Class<?>> types =
                List.of(
                        DomainCommands.class,
                        TaskCommands.class,
                        PolicyCommands.class,
                        MemoryCommands.class);
        return types.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandAndEachOfItsParametersIsDescribed(Method command) {
        assertThat(command.getAnnotation(Descriptor.class)).isNotNull();
        for (Parameter parameter : command.getParameters()) {
            assertThat(parameter.getAnnotation(Descriptor.class))
                    .as("%s of %s", parameter.getName(), command.getName())
                    .isNotNull();
        }
    }
}
