// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.measure.HostMeasures;

/**
 * What surrounds the domains of a host. Immutable.
 *
 * @param host this run of this host
 * @param version of the host
 * @param clock its clocks
 * @param processors it may use
 * @param framework name and version of the OSGi framework; empty outside of one
 * @param instance directory of all that changes
 * @param timings how long is waited
 */
record HostSurroundings(
        HostRef host,
        String version,
        HostClock clock,
        int processors,
        String framework,
        Path instance,
        Node.Timings timings) {

    /** As the framework properties of the launcher tell. */
    static HostSurroundings of(BundleContext context) {
        String id = context.getProperty("spicetime.host.id");
        String incarnation = context.getProperty("spicetime.host.incarnation");
        String instance = context.getProperty("spicetime.instance");
        Path directory = Path.of(instance == null ? "" : instance).toAbsolutePath();
        return new HostSurroundings(
                new HostRef(
                        id == null ? "host" : id,
                        incarnation == null ? UUID.randomUUID() : UUID.fromString(incarnation)),
                context.getBundle().getVersion().toString(),
                HostClock.system(),
                Runtime.getRuntime().availableProcessors(),
                context.getBundle(0).getSymbolicName() + " " + context.getBundle(0).getVersion(),
                directory,
                Node.Timings.STANDARD);
    }

    /** Where a durable store would lie. */
    Path storeDirectory() {
        return instance.resolve("store");
    }

    /** Where copies of the store go. */
    Path backupDirectory() {
        return instance.resolve("backup");
    }

    /** Who the host is and where it writes, for its measurements. */
    HostMeasures.Identity identity() {
        return new HostMeasures.Identity(
                host,
                framework,
                Map.of(
                        "store", storeDirectory(),
                        "log", instance.resolve("log"),
                        "cache", instance.resolve("cache"),
                        "deploy", instance.resolve("deploy")));
    }

    /** The installation and the instance. */
    static List<Path> directories(BundleContext context) {
        return Stream.of("spicetime.home", "spicetime.instance")
                .map(context::getProperty)
                .filter(path -> path != null && !path.isEmpty())
                .map(Path::of)
                .toList();
    }
}
