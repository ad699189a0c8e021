// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.ops4j.pax.exam.ProbeInvoker;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The part of the extension that lives inside the framework: keeps a twin of each test instance,
 * made of classes that the bundles provide, and calls the test methods on it. Thread-safe.
 */
public final class ProbeActivator implements BundleActivator, ProbeInvoker {

    private final Map<String, Object> twins = new ConcurrentHashMap<>();
    private final List<ServiceTracker<?, ?>> trackers = new CopyOnWriteArrayList<>();
    private @Nullable BundleContext context;

    @Override
    public void start(BundleContext started) {
        context = started;
        started.registerService(
                ProbeInvoker.class,
                this,
                FrameworkUtil.asDictionary(Map.of("Probe-Signature", Call.PROBE)));
    }

    @Override
    public void stop(BundleContext stopped) {
        trackers.forEach(ServiceTracker::close);
    }

    @Override
    public void call(Object... values) {
        String id = (String) values[0];
        String method = (String) values[2];
        try {
            if (method.equals(Call.FORGET)) {
                twins.remove(id);
            } else {
                Class<?> type = context().getBundle().loadClass((String) values[1]);
                call(id, find(type, method, (String[]) values[3]), type, (Object[]) values[4]);
            }
        } catch (InvocationTargetException e) {
            throw unchecked(e.getCause() == null ? e : e.getCause());
        } catch (ReflectiveOperationException e) {
            throw unchecked(e);
        }
    }

    private void call(String id, Method method, Class<?> type, Object[] arguments)
            throws ReflectiveOperationException {
        method.setAccessible(true);
        Object twin = null;
        if (!id.equals(Call.NO_TWIN)) {
            twin = twins.get(id);
            if (twin == null) {
                twin = create(type);
                twins.put(id, twin);
            }
        }
        method.invoke(twin, arguments);
    }

    private Object create(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object twin = constructor.newInstance();
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                Service service = field.getAnnotation(Service.class);
                if (service != null) {
                    field.setAccessible(true);
                    field.set(twin, valueOf(field, service));
                }
            }
        }
        return twin;
    }

    private Object valueOf(Field field, Service service) {
        if (field.getType() == BundleContext.class) {
            return context();
        }
        String filter =
                "(&(objectClass=" + field.getType().getName() + ")" + service.filter() + ")";
        try {
            ServiceTracker<Object, Object> tracker =
                    new ServiceTracker<>(context(), context().createFilter(filter), null);
            tracker.open();
            trackers.add(tracker);
            Object found = tracker.waitForService(service.timeout());
            if (found == null) {
                throw new AssertionError(
                        "no service "
                                + filter
                                + " within "
                                + service.timeout()
                                + " ms for "
                                + field);
            }
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + filter, e);
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new AssertionError("the filter of " + field + " is wrong: " + filter, e);
        }
    }

    private BundleContext context() {
        if (context == null) {
            throw new IllegalStateException("the probe is not started");
        }
        return context;
    }

    private static Method find(Class<?> type, String name, String[] parameters)
            throws NoSuchMethodException {
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            for (Method method : level.getDeclaredMethods()) {
                List<String> types =
                        Arrays.stream(method.getParameterTypes()).map(Class::getName).toList();
                if (method.getName().equals(name) && types.equals(List.of(parameters))) {
                    return method;
                }
            }
        }
        throw new NoSuchMethodException(type.getName() + "." + name);
    }

    /** Lets the failure of a test arrive as itself. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> RuntimeException unchecked(Throwable problem) throws T {
        throw (T) problem;
    }
}
