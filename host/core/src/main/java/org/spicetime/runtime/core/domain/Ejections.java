// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.plugins.Plugin;

/**
 * The plugins that had to leave the seats of a domain. Between the fall-back and the quarantine the
 * registry still offers such a plugin: nobody puts it in charge meanwhile. Fields are guarded by
 * the domain's guard.
 */
final class Ejections {

    private final DomainGuard guard;
    private final Consumer<Ejection> quarantine;
    private final Set<Plugin> leaving = new HashSet<>();
    private long count;

    /**
     * Without ejections.
     *
     * @param quarantine keeps a plugin from all domains; called without the guard
     */
    Ejections(DomainGuard guard, Consumer<Ejection> quarantine) {
        this.guard = guard;
        this.quarantine = quarantine;
    }

    /** How many there were. Under the guard. */
    long count() {
        return count;
    }

    /** Whether a plugin was ejected, and its quarantine is not known yet. Under the guard. */
    boolean leaves(@Nullable Plugin plugin) {
        return leaving.contains(plugin);
    }

    /** A plugin is out of its seat; null: it was gone already. Under the guard. */
    void begin(@Nullable Plugin plugin) {
        count++;
        if (plugin != null) {
            leaving.add(plugin);
        }
    }

    /** Quarantines what {@link #begin began}. Without the guard. */
    void complete(Ejection ejection, @Nullable Plugin plugin) {
        quarantine.accept(ejection);
        guard.enter();
        try {
            leaving.remove(plugin);
        } finally {
            guard.leave();
        }
    }

    /** Why a plugin is not in charge, in words. */
    static String reason(Ejection ejection) {
        return ejection.reason() == EjectionReason.BUNDLE_GONE
                ? ejection.message()
                : ejection.name()
                        + " was ejected ("
                        + ejection.reason()
                        + "): "
                        + ejection.message();
    }
}
