// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.bundles;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Why declared components of a bundle do not work, in plain words. Thread-safe. */
final class ComponentProblems {

    private final ServiceComponentRuntime runtime;

    ComponentProblems(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    /** One sentence for each component that does not work. */
    List<String> of(Bundle bundle) {
        List<String> sentences = new ArrayList<>();
        if (bundle.getState() != Bundle.ACTIVE) {
            return sentences;
        }
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs(bundle)) {
            for (ComponentConfigurationDTO configured :
                    runtime.getComponentConfigurationDTOs(component)) {
                String sentence = sentence(component, configured);
                if (sentence != null) {
                    sentences.add(sentence);
                }
            }
        }
        return sentences;
    }

    private static @Nullable String sentence(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configured) {
        String name = "its component " + component.name;
        return switch (configured.state) {
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                    name
                            + " could not be made: "
                            + rootCause(configured.failure)
                            + "; mend its constructor or its activation";
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
                    name
                            + " waits for the configuration "
                            + String.join(", ", component.configurationPid)
                            + "; write it into etc/";
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
                    name
                            + " waits for a service "
                            + wanted(component, configured)
                            + ", and no bundle provides one; deploy the bundle that does";
            default -> null;
        };
    }

    private static String wanted(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configured) {
        return Stream.of(configured.unsatisfiedReferences)
                .map((UnsatisfiedReferenceDTO missing) -> interfaceOf(component, missing.name))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String interfaceOf(ComponentDescriptionDTO component, String reference) {
        return Stream.of(component.references)
                .filter(one -> one.name.equals(reference))
                .map((ReferenceDTO one) -> one.interfaceName)
                .findFirst()
                .orElse(reference);
    }

    /** The last cause in the text of a stack trace; it names the fault and not who noticed. */
    private static String rootCause(@Nullable String failure) {
        List<String> lines = Optional.ofNullable(failure).orElse("unknown").lines().toList();
        return lines.stream()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((earlier, later) -> later)
                .map(line -> line.substring("Caused by: ".length()))
                .orElse(lines.getFirst());
    }
}
