// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.core.poll.PluginEjected;
import org.spicetime.runtime.core.poll.Poll;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/** Woven classes do what they did, pass the verifier, and can be stopped. */
@Timeout(60)
final class PollTransformTest {

    /** Loads the classes of a package anew, with polls. */
    private static final class WeavingLoader extends ClassLoader {
        private final String prefix;

        WeavingLoader(String prefix) {
            super(PollTransformTest.class.getClassLoader());
            this.prefix = prefix;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(prefix)) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            byte[] woven = PollTransform.weave(bytes(name));
            Class<?> made = defineClass(name, woven, 0, woven.length);
            resolveClass(made); // the verifier looks at it here
            return made;
        }
    }

    private static byte[] bytes(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = PollTransformTest.class.getClassLoader().getResourceAsStream(file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static Method method(String name, Class<?>... types) throws Exception {
        return new WeavingLoader(Plain.class.getName())
                .loadClass(Plain.class.getName())
                .getMethod(name, types);
    }

    @Test
    void wovenCodeOfAllShapesDoesWhatItDid() throws Exception {
        assertThat(method("everything").invoke(null)).isEqualTo(Plain.everything());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spinStubbornly", "spinEmptily", "sleepThenSpin", "recurse"})
    void aCallThatWouldNeverReturnIsEnded(String name) throws Exception {
        Method endless = name.equals("recurse") ? method(name, int.class) : method(name);
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            begun.countDown();
                            try {
                                Object answer =
                                        name.equals("recurse")
                                                ? endless.invoke(null, 0)
                                                : endless.invoke(null);
                                ended.complete(new AssertionError("returned " + answer));
                            } catch (ReflectiveOperationException e) {
                                ended.complete(Objects.requireNonNull(e.getCause()));
                            }
                        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        Poll.condemn(thread);
        thread.interrupt();
        try {
            assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(PluginEjected.class);
        } finally {
            Poll.pardon(thread);
        }
    }

    @Test
    void nobodyElseIsStopped() throws Exception {
        Thread other = Thread.ofPlatform().unstarted(() -> {});
        Poll.condemn(other);
        try {
            assertThat(method("everything").invoke(null)).isEqualTo(Plain.everything());
        } finally {
            Poll.pardon(other);
        }
    }

    @Test
    void everyMethodBeginsWithAPoll() throws Exception {
        byte[] woven = PollTransform.weave(bytes(Plain.class.getName()));
        ClassFile.of().parse(woven).methods().stream()
                .filter(method -> method.code().isPresent())
                .forEach(method ->
                        assertThat(
                                        method.code()
                                                .orElseThrow()
                                                .elementStream()
                                                .filter(InvokeInstruction.class::isInstance)
                                                .map(InvokeInstruction.class::cast)
                                                .findFirst()
                                                .orElseThrow()
                                                .name()
                                                .stringValue())
                                .isEqualTo("poll"));
    }

    @Test
    void aWholePackageOfTheHostPassesTheVerifier() throws Exception {
        WeavingLoader loader = new WeavingLoader("org.spicetime.runtime.kernel.");
        Class<?> seat = loader.loadClass(PolicySeat.class.getName());
        for (Class<?> type = seat; type != null; type = type.getSuperclass()) {
            assertThat(type.getDeclaredMethods()).isNotNull();
        }
        assertThat(seat.getClassLoader()).isSameAs(loader);
        for (String name : new String[] {"KeyHeap", "NodeQueue", "Backlog", "PolicyTrial"}) {
            Class<?> type = loader.loadClass(seat.getPackageName() + "." + name);
            assertThat(type.getDeclaredConstructors()).isNotEmpty();
        }
    }

    @Test
    void whatIsNoClassIsRefused() {
        assertThatThrownBy(() -> PollTransform.weave(new byte[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
