// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassModel;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.wiring.BundleWiring;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.scheduler.Policy;

/**
 * What is known of a bundle of task handlers from reading all its classes, without loading any:
 * which methods are recursive, which loops are polled how, and whether it offers policies or
 * strategies too. Immutable.
 */
final class HandlerBundle {

    private static final int MOST_CLASSES = 20_000;
    private static final long MOST_BYTES = 64L << 20;
    private static final int SHOWN = 10;

    private static final Set<String> PLUGIN_PACKAGES =
            Set.of(internal(Policy.class), internal(AllocationStrategy.class));

    private @Nullable Recursion recursion = new Recursion();
    private int classes;
    private long bytes;
    private int chunked;
    private int polled;
    private final List<String> everyTurn = new ArrayList<>();
    private final List<String> protectedLoops = new ArrayList<>();
    private final List<String> withoutPolls = new ArrayList<>();
    private boolean offersPlugins;

    private HandlerBundle() {}

    private static String internal(Class<?> type) {
        return type.getPackageName().replace('.', '/') + '/';
    }

    /** Reads the classes of a bundle. */
    static HandlerBundle read(BundleWiring wiring) {
        HandlerBundle read = new HandlerBundle();
        Collection<String> files =
                wiring.listResources(
                        "/",
                        "*.class",
                        BundleWiring.LISTRESOURCES_RECURSE | BundleWiring.LISTRESOURCES_LOCAL);
        for (String file : files) {
            if (!file.startsWith("META-INF/") && !file.endsWith("module-info.class")) {
                if (read.classes == MOST_CLASSES || read.bytes > MOST_BYTES) {
                    read.recursion = null;
                    break;
                }
                read.add(wiring, file);
            }
        }
        if (read.recursion != null) {
            read.recursion.find();
        }
        return read;
    }

    private void add(BundleWiring wiring, String file) {
        byte[] content;
        URL url = wiring.getClassLoader().getResource(file);
        if (url == null) {
            return;
        }
        try (InputStream in = url.openStream()) {
            content = in.readAllBytes();
        } catch (IOException e) {
            withoutPolls.add(file + " (cannot be read: " + e.getMessage() + ")");
            return;
        }
        classes++;
        bytes += content.length;
        try {
            add(HandlerTransform.files().parse(content));
        } catch (IllegalArgumentException | IllegalStateException e) {
            withoutPolls.add(file + " (is not a class that this host can read)");
        }
    }

    private void add(ClassModel model) {
        if (recursion != null) {
            recursion.add(model);
        }
        HandlerTransform.Findings found = new HandlerTransform(model, m -> false).findings();
        chunked += found.chunked();
        polled += found.polled();
        everyTurn.addAll(found.everyTurn());
        protectedLoops.addAll(found.protectedLoops());
        withoutPolls.addAll(found.withoutPolls());
        offersPlugins |=
                model.interfaces().stream()
                        .map(one -> one.asInternalName())
                        .anyMatch(name -> PLUGIN_PACKAGES.stream().anyMatch(name::startsWith));
    }

    /** Whether it implements policies or strategies; what they do must not give way. */
    boolean offersPlugins() {
        return offersPlugins;
    }

    /** The class with polls. */
    byte[] weave(byte[] content) {
        ClassModel model = HandlerTransform.files().parse(content);
        Recursion known = recursion;
        if (known == null) {
            known = new Recursion();
            known.add(model);
            known.find();
        }
        Recursion used = known;
        return new HandlerTransform(model, method -> used.isRecursive(model, method)).weave();
    }

    /** Places in which a task can neither be preempted nor ended, in sentences. */
    List<String> problems() {
        return withoutPolls.stream()
                .limit(SHOWN)
                .map(place ->
                        place
                                + " has no polls: a task that stays there is neither"
                                + " preempted nor ended")
                .toList();
    }

    /** What was found, in one line. */
    @Override
    public String toString() {
        return classes
                + " classes, "
                + chunked
                + " counted loops in chunks, "
                + polled
                + " other jumps backwards with a poll"
                + (recursion == null ? ", recursion seen within a class only" : "")
                + listed("poll in every turn although they call nothing", everyTurn)
                + listed("have none, as class initialisers and @NoPreempt", protectedLoops)
                + listed("have none, which is a problem", withoutPolls);
    }

    private static String listed(String what, List<String> places) {
        if (places.isEmpty()) {
            return "";
        }
        List<String> shown = places.subList(0, Math.min(SHOWN, places.size()));
        return "; "
                + places.size()
                + " that "
                + what
                + ": "
                + String.join(", ", shown)
                + (places.size() > SHOWN ? ", ..." : "");
    }
}
