// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Asks Declarative Services which components are not up, and for what. Called by one thread at a
 * time.
 *
 * <p>By reflection, because the classes of that service belong to bundles and are not in the
 * launcher's class space.
 */
final class WaitingComponents {
    private static final String RUNTIME =
            "org.osgi.service.component.runtime.ServiceComponentRuntime";
    private static final int UNSATISFIED_REFERENCE = 2;
    private static final int FAILED_ACTIVATION = 16;

    private static final String OWN = "org.spicetime.runtime.";

    /** What a component says that failed because another one did. */
    private static final String FOLLOWS = "Unable to get service";

    private static final int MOST = 8;

    private WaitingComponents() {}

    /** One phrase for each component that is not up; empty if nobody can tell. */
    static List<String> in(BundleContext context) {
        ServiceReference<?> reference = context.getServiceReference(RUNTIME);
        Object runtime = reference == null ? null : context.getService(reference);
        if (runtime == null) {
            return List.of();
        }
        List<String> waiting = new ArrayList<>();
        try {
            Class<?> type = runtime.getClass().getClassLoader().loadClass(RUNTIME);
            Method descriptions = methodOf(type, "getComponentDescriptionDTOs");
            Method configurations = methodOf(type, "getComponentConfigurationDTOs");
            Class<?> bundles = descriptions.getParameterTypes()[0].getComponentType();
            for (Object description :
                    listOf(descriptions.invoke(runtime, Array.newInstance(bundles, 0)))) {
                for (Object configuration : listOf(configurations.invoke(runtime, description))) {
                    String name = String.valueOf(field(description, "name"));
                    int state = (int) field(configuration, "state");
                    if (state == UNSATISFIED_REFERENCE) {
                        waiting.add(
                                name
                                        + " waits for its "
                                        + String.join(", ", missingIn(configuration)));
                    } else if (state == FAILED_ACTIVATION) {
                        waiting.add(name + " failed");
                    }
                }
            }
        } catch (ReflectiveOperationException e) {
            return List.of("components cannot be listed: " + Sentence.of(e));
        }
        return List.copyOf(waiting.subList(0, Math.min(MOST, waiting.size())));
    }

    /**
     * Why a component of the host itself failed when it was activated, so that what waits for it
     * will not come; empty if none did, or nobody can tell.
     */
    static Optional<String> failure(BundleContext context) {
        ServiceReference<?> reference = context.getServiceReference(RUNTIME);
        Object runtime = reference == null ? null : context.getService(reference);
        if (runtime == null) {
            return Optional.empty();
        }
        try {
            Class<?> type = runtime.getClass().getClassLoader().loadClass(RUNTIME);
            Method descriptions = methodOf(type, "getComponentDescriptionDTOs");
            Method configurations = methodOf(type, "getComponentConfigurationDTOs");
            Class<?> bundles = descriptions.getParameterTypes()[0].getComponentType();
            for (Object description :
                    listOf(descriptions.invoke(runtime, Array.newInstance(bundles, 0)))) {
                if (!String.valueOf(field(description, "name")).startsWith(OWN)) {
                    continue;
                }
                for (Object configuration : listOf(configurations.invoke(runtime, description))) {
                    String failure = (String) field(configuration, "failure");
                    if (failure != null && !failure.contains(FOLLOWS)) {
                        return Optional.of(cause(failure));
                    }
                }
            }
        } catch (ReflectiveOperationException e) {
            // Who waits to the end is told then that components cannot be listed.
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** The message of the first exception in a stack trace that is not about reflection. */
    static String cause(String trace) {
        List<String> heads =
                trace.lines()
                        .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
                        .map(line -> line.replaceFirst("^Caused by: ", ""))
                        .toList();
        String first =
                heads.stream()
                        .filter(line -> !line.startsWith("java.lang.reflect."))
                        .findFirst()
                        .orElse("it failed");
        return first.replaceFirst("^[\\w.$]+(Exception|Error): ", "").replaceFirst("\\.$", "");
    }

    private static List<String> missingIn(Object configuration)
            throws ReflectiveOperationException {
        List<String> names = new ArrayList<>();
        for (Object reference : (Object[]) field(configuration, "unsatisfiedReferences")) {
            names.add(String.valueOf(field(reference, "name")));
        }
        return names;
    }

    private static Object field(Object dto, String name) throws ReflectiveOperationException {
        return dto.getClass().getField(name).get(dto);
    }

    private static Collection<?> listOf(Object collection) {
        return (Collection<?>) collection;
    }

    private static Method methodOf(Class<?> type, String name) throws NoSuchMethodException {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name)) {
                return method;
            }
        }
        throw new NoSuchMethodException(name);
    }
}
