// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The settings an operator chose for one plugin instance, validated against its {@link OptionSpec}s
 * before the plugin sees them: every declared option has a value of its type and within its range,
 * defaults filled in, and nothing undeclared is present.
 *
 * <p>Reading an option that was not declared, or by the method of another type, is a mistake of the
 * plugin and throws {@link IllegalArgumentException}.
 *
 * <p>Immutable.
 */
@ProviderType
public interface Options {

    /**
     * Value of an option of type {@link OptionType#FLAG}.
     *
     * @param name name of a declared option
     * @return its value
     * @throws IllegalArgumentException if there is no such option, or it has another type
     */
    boolean flag(String name);

    /**
     * Value of an option of type {@link OptionType#NUMBER}.
     *
     * @param name name of a declared option
     * @return its value, in the unit the option declares
     * @throws IllegalArgumentException if there is no such option, or it has another type
     */
    long number(String name);

    /**
     * Value of an option of type {@link OptionType#RATIO}.
     *
     * @param name name of a declared option
     * @return its value; finite
     * @throws IllegalArgumentException if there is no such option, or it has another type
     */
    double ratio(String name);

    /**
     * Value of an option of type {@link OptionType#DURATION}.
     *
     * @param name name of a declared option
     * @return its value; never negative
     * @throws IllegalArgumentException if there is no such option, or it has another type
     */
    Duration duration(String name);

    /**
     * Value of an option of type {@link OptionType#TEXT}.
     *
     * @param name name of a declared option
     * @return its value; one of the choices if the option declares any
     * @throws IllegalArgumentException if there is no such option, or it has another type
     */
    String text(String name);
}
