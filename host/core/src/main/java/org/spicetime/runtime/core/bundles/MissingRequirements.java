// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.bundles;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/** Why a bundle does not resolve, in plain words. Thread-safe. */
public final class MissingRequirements {

    private static final Pattern FROM = Pattern.compile("\\(version>=([^)]+)\\)");
    private static final Pattern EXACT = Pattern.compile("\\(version=([^)]+)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");
    private static final Map<String, String> NAMED =
            Map.of(
                    PackageNamespace.PACKAGE_NAMESPACE, "package",
                    BundleNamespace.BUNDLE_NAMESPACE, "bundle",
                    HostNamespace.HOST_NAMESPACE, "host bundle",
                    ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE,
                            "execution environment");

    private final List<Bundle> all;
    private final FrameworkWiring wiring;

    /** For the bundles of a framework. */
    public MissingRequirements(Bundle systemBundle) {
        all = List.of(systemBundle.getBundleContext().getBundles());
        wiring = systemBundle.adapt(FrameworkWiring.class);
    }

    /** One sentence for each requirement that nobody meets; empty: none is found missing. */
    public List<String> of(Bundle bundle) {
        List<String> sentences = new ArrayList<>();
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null || bundle.getState() != Bundle.INSTALLED) {
            return sentences;
        }
        for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
            if (counts(requirement)) {
                String sentence = sentence(bundle, requirement);
                if (sentence != null) {
                    sentences.add(sentence);
                }
            }
        }
        return sentences;
    }

    private static boolean counts(BundleRequirement requirement) {
        String effective =
                requirement
                        .getDirectives()
                        .getOrDefault(
                                Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE,
                                Namespace.EFFECTIVE_RESOLVE);
        String resolution =
                requirement
                        .getDirectives()
                        .getOrDefault(
                                Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE,
                                Namespace.RESOLUTION_MANDATORY);
        return effective.equals(Namespace.EFFECTIVE_RESOLVE)
                && !resolution.equals(Namespace.RESOLUTION_OPTIONAL)
                && !resolution.equals(PackageNamespace.RESOLUTION_DYNAMIC);
    }

    private @Nullable String sentence(Bundle bundle, BundleRequirement requirement) {
        Collection<BundleCapability> providers = wiring.findProviders(requirement);
        for (BundleCapability provider : providers) {
            if (provider.getRevision().getWiring() != null
                    || provider.getRevision().getBundle().equals(bundle)) {
                return null;
            }
        }
        String needs = "it needs " + needed(requirement);
        if (!providers.isEmpty()) {
            Bundle provider = providers.iterator().next().getRevision().getBundle();
            return needs
                    + " from bundle "
                    + provider.getSymbolicName()
                    + ", which does not resolve"
                    + " itself; see what is wrong with that one";
        }
        Set<String> present = present(requirement);
        if (isEnvironment(requirement)) {
            return needs
                    + ", and this host runs on Java "
                    + Runtime.version().feature()
                    + "; build it for that or an older release";
        }
        return present.isEmpty()
                ? needs
                        + ", and no bundle here provides it; deploy the bundle that does, or put"
                        + " it into this one"
                : needs
                        + ", and here is only "
                        + String.join(", ", present)
                        + "; build it against"
                        + " what is here, or deploy a bundle that provides what it needs";
    }

    private static boolean isEnvironment(BundleRequirement requirement) {
        return requirement
                .getNamespace()
                .equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE);
    }

    /** E.g. {@code package com.acme.text in version [1.0.0,2.0.0)}. */
    private static String needed(BundleRequirement requirement) {
        String filter = filter(requirement);
        String kind = NAMED.get(requirement.getNamespace());
        String name = name(requirement.getNamespace(), filter);
        if (kind == null || name == null) {
            return "capability " + requirement.getNamespace() + " " + filter;
        }
        return kind + " " + name + range(filter);
    }

    private static String range(String filter) {
        String from = first(FROM, filter);
        String below = first(BELOW, filter);
        String exact = first(EXACT, filter);
        if (exact != null) {
            return " in version " + exact;
        }
        if (below != null) {
            return " in version [" + (from == null ? "0" : from) + "," + below + ")";
        }
        return from == null || from.equals("0.0.0") ? "" : " in version " + from + " or later";
    }

    private static @Nullable String name(String namespace, String filter) {
        return first(Pattern.compile("\\(" + Pattern.quote(namespace) + "=([^)]+)\\)"), filter);
    }

    private static @Nullable String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static String filter(BundleRequirement requirement) {
        return requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
    }

    /** The same thing in other versions, with the bundles that provide it. */
    private Set<String> present(BundleRequirement requirement) {
        String namespace = requirement.getNamespace();
        String name = name(namespace, filter(requirement));
        Set<String> present = new TreeSet<>();
        for (Bundle bundle : all) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (name == null || revision == null) {
                continue;
            }
            for (BundleCapability capability : revision.getDeclaredCapabilities(namespace)) {
                Map<String, Object> attributes = capability.getAttributes();
                if (name.equals(attributes.get(namespace))) {
                    Object version =
                            attributes.getOrDefault(
                                    Constants.VERSION_ATTRIBUTE,
                                    attributes.get(Constants.BUNDLE_VERSION_ATTRIBUTE));
                    present.add("version " + version + " of bundle " + bundle.getSymbolicName());
                }
            }
        }
        return present;
    }
}
