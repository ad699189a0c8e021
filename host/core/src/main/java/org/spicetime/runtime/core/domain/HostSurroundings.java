// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.core.dispatch.HostClock;

/**
 * What surrounds the domains of a host. Immutable.
 *
 * @param host this run of this host
 * @param version of the host
 * @param clock its clocks
 * @param processors it may use
 * @param storeDirectory where a durable store would lie
 * @param timings how long is waited
 */
record HostSurroundings(
        HostRef host,
        String version,
        HostClock clock,
        int processors,
        Path storeDirectory,
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
                directory.resolve("store"),
                Node.Timings.STANDARD);
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
