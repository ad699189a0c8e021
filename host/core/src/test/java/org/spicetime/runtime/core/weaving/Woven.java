// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.spicetime.runtime.core.poll.PollContext;
import org.spicetime.runtime.core.poll.PolledThread;

/** Classes of tests as a bundle of handlers would have them. */
final class Woven extends ClassLoader {
    private final Map<String, byte[]> classes = new HashMap<>();

    Woven(Class<?>... originals) {
        super(Woven.class.getClassLoader());
        Map<String, ClassModel> models = new HashMap<>();
        Recursion recursion = new Recursion();
        for (Class<?> original : originals) {
            ClassModel model = HandlerTransform.files().parse(bytes(original));
            models.put(original.getName(), model);
            recursion.add(model);
        }
        recursion.find();
        models.forEach((name, model) ->
                classes.put(
                        name,
                        new HandlerTransform(model, m -> recursion.isRecursive(model, m)).weave()));
    }

    static byte[] bytes(Class<?> type) {
        String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object of a woven class, as its interface. */
    <T> T instance(Class<?> original, Class<T> face) throws ReflectiveOperationException {
        return face.cast(loadClass(original.getName()).getDeclaredConstructor().newInstance());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        if (bytes == null) {
            return super.loadClass(name, resolve);
        }
        Class<?> known = findLoadedClass(name);
        return known != null ? known : defineClass(name, bytes, 0, bytes.length);
    }

    /** Calls on a thread whose polls look at this context. */
    static <T> T with(PollContext context, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        PolledThread thread =
                new PolledThread(
                        () -> {
                            ((PolledThread) Thread.currentThread()).enter(context);
                            task.run();
                        },
                        "woven");
        thread.setDaemon(true);
        thread.start();
        return task.get();
    }

    /** What the verifier says. */
    static java.util.List<VerifyError> errors(byte[] bytes) {
        return ClassFile.of().verify(bytes);
    }

    /** Counts its polls. */
    static class Counting extends PollContext {
        long polls;

        Counting() {
            askGiveWay();
        }

        @Override
        protected void giveWay() {
            polls++;
        }

        @Override
        protected RuntimeException ending() {
            return new Ended();
        }
    }

    /** Ends work. */
    static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
