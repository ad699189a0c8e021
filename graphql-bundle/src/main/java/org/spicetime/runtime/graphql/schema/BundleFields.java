// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.DeployedBundle;
import org.spicetime.runtime.api.catalogue.DeployedBundle.Contribution;

/** The bundles of the host, and what each contributes. */
final class BundleFields {
    /** What the host-wide id of a bundle begins with; its name and version follow. */
    static final String PREFIX = "bundle:";

    private BundleFields() {}

    static Fields<DeployedBundle> type(Services services, SchemaState state) {
        return Fields.of("Bundle", DeployedBundle.class)
                .leaf("id", BundleFields::id)
                .leaf("symbolicName", DeployedBundle::symbolicName)
                .leaf("version", DeployedBundle::version)
                .leaf("name", DeployedBundle::name)
                .leaf("vendor", DeployedBundle::vendor)
                .leaf("state", DeployedBundle::state)
                .leaf("lastModified", DeployedBundle::lastModified)
                .leaf("sha256", DeployedBundle::sha256)
                .leaf("core", DeployedBundle::core)
                .objects("contributions", (b, call) -> contributions(services, b))
                .leaf("schemaCoordinates", b -> state.current().coordinatesOf(b.symbolicName()))
                .leaf("problems", DeployedBundle::problems);
    }

    // Two versions of a bundle can be there at a time, so its name alone is no id.
    static String id(DeployedBundle bundle) {
        return PREFIX + bundle.symbolicName() + ":" + bundle.version();
    }

    /** The bundle of a host-wide id; null: there is none. */
    static @Nullable DeployedBundle find(Services services, String id) {
        return services.bundles().all().stream()
                .filter(bundle -> id(bundle).equals(id))
                .findFirst()
                .orElse(null);
    }

    /** The entries of the catalogue that a bundle contributes. */
    static List<CatalogueEntry> contributions(Services services, DeployedBundle bundle) {
        return bundle.contributions().stream()
                .flatMap(one -> entry(services, one).stream())
                .toList();
    }

    // One that is withdrawn since the bundle was looked at is left out.
    private static Optional<CatalogueEntry> entry(Services services, Contribution one) {
        List<? extends CatalogueEntry> entries =
                switch (one.kind()) {
                    case SCHEDULING_POLICY -> services.catalogue().policies();
                    case ALLOCATOR -> services.catalogue().allocators();
                    case TASK_HANDLER -> services.catalogue().handlers();
                };
        return entries.stream()
                .filter(entry -> entry.facts().name().equals(one.name()))
                .map(CatalogueEntry.class::cast)
                .findFirst();
    }
}
