// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import org.spicetime.runtime.api.domain.BackupReport;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.ResourceAlert;
import org.spicetime.runtime.api.domain.StoreHealth;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.security.Caller;

/** Health, alerts, the caller and the schema itself. */
final class HealthFields {
    private HealthFields() {}

    static List<Fields<?>> all() {
        return List.of(health(), store(), backup(), component(), alert(), viewer(), schema());
    }

    private static Fields<SystemHealth> health() {
        return Fields.of("SystemHealth", SystemHealth.class)
                .leaf("status", SystemHealth::status)
                .leaf("timestamp", SystemHealth::timestamp)
                .leaf("uptime", h -> Numbers.millis(h.uptime()))
                .leaf("version", SystemHealth::version)
                .leaf("domainCount", SystemHealth::domainCount)
                .leaf("activeDomains", SystemHealth::activeDomains)
                .leaf("activeTasks", SystemHealth::activeTasks)
                .part("resources", SystemHealth::resources)
                .objects("components", (h, call) -> h.components())
                .part("store", SystemHealth::store);
    }

    private static Fields<StoreHealth> store() {
        return Fields.of("StoreHealth", StoreHealth.class)
                .leaf("status", StoreHealth::status)
                .leaf("readOnly", StoreHealth::readOnly)
                .leaf("message", StoreHealth::message)
                .leaf("engine", StoreHealth::engine)
                .leaf("schemaVersion", StoreHealth::schemaVersion)
                .leaf("size", StoreHealth::sizeBytes)
                .leaf("free", s -> Numbers.orNull(s.freeBytes()))
                .leaf("queueDepth", StoreHealth::queueDepth)
                .part("commitLatency", StoreHealth::commitLatency)
                .leaf("lastBackupAt", StoreHealth::lastBackupAt);
    }

    private static Fields<BackupReport> backup() {
        return Fields.of("StoreBackup", BackupReport.class)
                .leaf("file", b -> String.valueOf(b.file().getFileName()))
                .leaf("size", BackupReport::sizeBytes)
                .leaf("sha256", BackupReport::sha256)
                .leaf("takenAt", BackupReport::takenAt)
                .leaf("duration", b -> Numbers.millis(b.took()));
    }

    private static Fields<HealthComponent> component() {
        return Fields.of("HealthComponent", HealthComponent.class)
                .leaf("name", HealthComponent::name)
                .leaf("status", HealthComponent::status)
                .leaf("message", HealthComponent::message)
                .leaf("details", c -> c.details().isEmpty() ? null : c.details());
    }

    private static Fields<ResourceAlert> alert() {
        return Fields.of("ResourceAlert", ResourceAlert.class)
                .leaf("id", a -> a.id().toString())
                .leaf("domainId", a -> a.domain().value())
                .leaf("resource", ResourceAlert::resource)
                .leaf("severity", ResourceAlert::severity)
                .leaf("threshold", ResourceAlert::threshold)
                .leaf("value", ResourceAlert::value)
                .leaf("cleared", ResourceAlert::cleared)
                .leaf("message", ResourceAlert::message)
                .leaf("timestamp", ResourceAlert::timestamp);
    }

    private static Fields<Caller> viewer() {
        return Fields.of("Viewer", Caller.class)
                .leaf("name", Caller::name)
                .leaf("role", Caller::role)
                .leaf("mayDeploy", Caller::mayDeploy);
    }

    private static Fields<SchemaFacts> schema() {
        return Fields.of("SchemaInfo", SchemaFacts.class)
                .leaf("generation", SchemaFacts::generation)
                .leaf("hash", SchemaFacts::hash)
                .leaf("since", SchemaFacts::since)
                .leaf("sdl", SchemaFacts::sdl)
                .leaf("requestErrorCodes", s -> List.of(RequestErrorCode.values()));
    }
}
