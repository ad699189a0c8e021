// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.deploy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of {@code deploy/} and the bundle made of it. However often it is told of a change, one
 * thread at a time brings the bundle in line with the file as it is then. Thread-safe.
 */
final class DeployedFile {

    private static final Logger LOG = LoggerFactory.getLogger(DeployedFile.class);

    private final DeployFolder folder;
    private final Path path;

    /* Guarded by this. */
    private boolean busy;
    private boolean changed;

    /* Written by the one thread at work. */
    private volatile @Nullable Bundle bundle;
    private volatile boolean waits;
    private @Nullable String sha256;

    DeployedFile(DeployFolder folder, Path path) {
        this.folder = folder;
        this.path = path;
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    @Nullable Bundle bundle() {
        return bundle;
    }

    /** The file came, changed or went. */
    void changed() {
        synchronized (this) {
            changed = true;
            if (busy) {
                return;
            }
            busy = true;
        }
        folder.work(this::work);
    }

    /** Tries again what could not be done before. */
    void retry() {
        if (waits) {
            changed();
        }
    }

    private void work() {
        while (true) {
            synchronized (this) {
                if (!changed) {
                    busy = false;
                    return;
                }
                changed = false;
            }
            try {
                follow();
            } catch (InterruptedException hostStops) {
                Thread.currentThread().interrupt();
                LOG.debug("{} is not followed any more", path);
            } catch (Exception | LinkageError unforeseen) {
                // Whatever a bundle does, the next file is served.
                LOG.error("deploy/{} could not be taken in", name(), unforeseen);
                folder.bundles().refuse(name(), "it could not be taken in: " + unforeseen);
            }
        }
    }

    private void follow() throws Exception {
        waits = false;
        if (!Files.isRegularFile(path)) {
            remove();
            folder.bundles().accept(name());
            return;
        }
        try (StagedJar jar = StagedJar.of(path)) {
            take(jar);
            folder.bundles().accept(name());
        } catch (NoSuchFileException gone) {
            changed();
        } catch (UnusableFileException unusable) {
            Bundle kept = bundle;
            waits = true;
            folder.bundles()
                    .refuse(
                            name(),
                            unusable.getMessage()
                                    + (kept == null
                                            ? ""
                                            : "; until then bundle "
                                                    + text(kept)
                                                    + " stays in place"));
        }
    }

    private void take(StagedJar jar) throws Exception {
        Bundle present = bundle;
        if (present != null && jar.sha256().equals(sha256)) {
            if (present.getState() != Bundle.UNINSTALLED) {
                start(present);
            }
            return;
        }
        check(jar);
        if (present != null && !jar.symbolicName().equals(present.getSymbolicName())) {
            remove();
            present = null;
        }
        if (present == null || present.getState() == Bundle.UNINSTALLED) {
            present = install(jar);
        } else {
            update(present, jar);
        }
        sha256 = jar.sha256();
        folder.bundles().deployed(present.getBundleId(), name(), jar.sha256());
        start(present);
        folder.retryOthers(this);
    }

    /** A symbolic name of the host, or one in the same version, is taken. */
    private void check(StagedJar jar) throws UnusableFileException {
        for (Bundle other : folder.context().getBundles()) {
            boolean shipped =
                    other.getBundleId() == 0 || other.getLocation().startsWith("reference:");
            String name = other.getSymbolicName();
            if (shipped && jar.symbolicName().equals(name)) {
                throw new UnusableFileException(
                        "the symbolic name " + name + " belongs to the host; choose another one");
            }
            if (shipped && name != null && name.equals(jar.fragmentHost())) {
                throw new UnusableFileException(
                        "it is a fragment of "
                                + name
                                + ", which is part of the host and takes"
                                + " none; contribute by services instead");
            }
            if (jar.symbolicName().equals(name)
                    && jar.version().equals(other.getVersion())
                    && !other.equals(bundle)) {
                throw new UnusableFileException(
                        "bundle "
                                + text(other)
                                + " is there already, from "
                                + folder.sourceOf(other)
                                + "; delete one of the two, or give this one another version");
            }
        }
    }

    private Bundle install(StagedJar jar) throws Exception {
        try (InputStream in = jar.open()) {
            Bundle installed = folder.context().installBundle(path.toUri().toString(), in);
            bundle = installed;
            LOG.info("deploy/{}: bundle {} is installed", name(), text(installed));
            return installed;
        } catch (BundleException refused) {
            throw new UnusableFileException(
                    "the framework does not take it: " + refused.getMessage());
        }
    }

    private void update(Bundle present, StagedJar jar) throws Exception {
        Version before = present.getVersion();
        stop(present);
        try (InputStream in = jar.open()) {
            folder.watched(
                    present,
                    "update",
                    () -> {
                        present.update(in);
                        return present;
                    });
        } catch (BundleException refused) {
            start(present);
            throw new UnusableFileException(
                    "the framework does not take it: " + refused.getMessage());
        }
        folder.refresh(present);
        LOG.info(
                "deploy/{}: bundle {} is updated from {} to {}",
                name(),
                present.getSymbolicName(),
                before,
                present.getVersion());
    }

    private void remove() throws Exception {
        Bundle present = bundle;
        if (present == null) {
            return;
        }
        if (present.getState() != Bundle.UNINSTALLED) {
            String text = text(present);
            stop(present);
            folder.watched(
                    present,
                    "uninstall",
                    () -> {
                        present.uninstall();
                        return present;
                    });
            LOG.info("deploy/{}: bundle {} is removed", name(), text);
            folder.refresh(present);
        }
        bundle = null;
        sha256 = null;
        folder.retryOthers(this);
    }

    /** A bundle whose stop fails is stopped nevertheless. */
    private void stop(Bundle present) throws Exception {
        try {
            folder.watched(
                    present,
                    "stop",
                    () -> {
                        present.stop(Bundle.STOP_TRANSIENT);
                        return present;
                    });
        } catch (BundleException e) {
            LOG.warn("deploy/{}: bundle {} failed while it was stopped", name(), text(present), e);
        }
    }

    private void start(Bundle present) throws Exception {
        if (present.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
            folder.refresh(present);
            return;
        }
        if (present.getState() == Bundle.ACTIVE) {
            return;
        }
        try {
            folder.watched(
                    present,
                    "start",
                    () -> {
                        present.start(Bundle.START_ACTIVATION_POLICY);
                        return present;
                    });
            folder.report(present, List.of());
        } catch (BundleException failed) {
            waits = present.getState() == Bundle.INSTALLED;
            LOG.debug("deploy/{}: bundle {} does not start", name(), text(present), failed);
            folder.report(
                    present,
                    StartFailure.sentences(present, folder.context().getBundle(0), failed));
        }
    }

    private static String text(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
