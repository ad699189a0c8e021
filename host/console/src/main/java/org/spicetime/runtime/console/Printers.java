// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.felix.inventory.Format;
import org.apache.felix.inventory.InventoryPrinter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers the sheets as status pages, which are part of the support archive. Thread-safe. */
@Component(service = {})
public final class Printers {
    private static final String PREFIX = "domain-runtime-";

    private final List<ServiceRegistration<InventoryPrinter>> registrations = new ArrayList<>();

    @Activate
    public Printers(BundleContext context, @Reference Sheets sheets) {
        register(context, "health", "Domain Runtime: health", sheets::health);
        register(context, "domains", "Domain Runtime: domains", sheets::domains);
        register(context, "queues", "Domain Runtime: queues", sheets::queues);
        register(context, "pools", "Domain Runtime: memory pools", sheets::pools);
        register(context, "plugins", "Domain Runtime: plugins", sheets::plugins);
        register(context, "incidents", "Domain Runtime: incidents", sheets::incidents);
        register(context, "bundles", "Domain Runtime: bundle problems", sheets::bundles);
        register(context, "origins", "Domain Runtime: configuration origins", sheets::origins);
        register(context, "threads", "Domain Runtime: worker threads", sheets::threads);
    }

    private void register(
            BundleContext context, String name, String title, Supplier<Sheet> source) {
        registrations.add(
                context.registerService(
                        InventoryPrinter.class,
                        (writer, format, zip) -> print(writer, format, source.get()),
                        FrameworkUtil.asDictionary(
                                Map.of(
                                        InventoryPrinter.NAME,
                                        PREFIX + name,
                                        InventoryPrinter.TITLE,
                                        title,
                                        InventoryPrinter.FORMAT,
                                        new String[] {
                                            Format.TEXT.toString(), Format.JSON.toString()
                                        },
                                        InventoryPrinter.WEBCONSOLE,
                                        true))));
    }

    private static void print(PrintWriter writer, Format format, Sheet sheet) {
        writer.print(Format.JSON.equals(format) ? SheetJson.of(sheet) : SheetText.of(sheet));
        writer.flush();
    }

    /** Takes them back. */
    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
