// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever class is woven, the verifier takes it as it took the original. */
@Timeout(300)
final class CorpusTest {

    /** Woven classes of a jar, apart from those that the tests use. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(ClassLoader.getPlatformClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                // The polls themselves.
                return CorpusTest.class.getClassLoader().loadClass(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private static List<File> jars() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> path.endsWith(".jar"))
                .map(File::new)
                .filter(File::isFile)
                .toList();
    }

    private static Map<String, byte[]> classes(File file) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (JarFile jar = new JarFile(file)) {
            for (ZipEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (name.endsWith(".class")
                        && !name.startsWith("META-INF")
                        && !name.endsWith("module-info.class")) {
                    classes.put(
                            name.substring(0, name.length() - 6).replace('/', '.'),
                            jar.getInputStream(entry).readAllBytes());
                }
            }
        }
        return classes;
    }

    private static Map<String, byte[]> woven(Map<String, byte[]> originals, Counts counts) {
        Recursion recursion = new Recursion();
        Map<String, ClassModel> models = new HashMap<>();
        originals.forEach((name, bytes) -> {
            ClassModel model = HandlerTransform.files().parse(bytes);
            models.put(name, model);
            recursion.add(model);
        });
        recursion.find();
        Map<String, byte[]> woven = new HashMap<>();
        models.forEach((name, model) -> {
            HandlerTransform transform =
                    new HandlerTransform(model, m -> recursion.isRecursive(model, m));
            woven.put(name, transform.weave());
            HandlerTransform.Findings found = transform.findings();
            counts.classes++;
            counts.chunked += found.chunked();
        });
        return woven;
    }

    private static final class Counts {
        int classes;
        int chunked;
    }

    @Test
    void wovenClassesOfManyLibrariesPassTheVerifier() throws IOException {
        ClassFile verifier =
                ClassFile.of(
                        ClassFile.ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.defaultResolver()
                                        .orElse(
                                                ClassHierarchyResolver.ofResourceParsing(
                                                        CorpusTest.class.getClassLoader()))));
        Counts counts = new Counts();
        List<String> wrong = new ArrayList<>();
        for (File jar : jars()) {
            Map<String, byte[]> originals = classes(jar);
            woven(originals, counts)
                    .forEach((name, bytes) -> {
                        Set<String> before =
                                messages(verifier, Objects.requireNonNull(originals.get(name)));
                        Set<String> after = messages(verifier, bytes);
                        if (after.size() > before.size()) {
                            wrong.add(jar.getName() + " " + name + ": " + after);
                        }
                    });
        }
        assertThat(wrong).isEmpty();
        assertThat(counts.classes).isGreaterThan(3_000);
        assertThat(counts.chunked).isGreaterThan(100);
    }

    private static Set<String> messages(ClassFile verifier, byte[] bytes) {
        return verifier.verify(bytes).stream()
                .map(VerifyError::getMessage)
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void aWovenLibraryWorks() throws Exception {
        File jackson =
                jars().stream()
                        .filter(jar -> jar.getName().startsWith("jackson-core"))
                        .findFirst()
                        .orElseThrow();
        Loader loader = new Loader(woven(classes(jackson), new Counts()));
        String json = "{\"a\":[1,2.5e3,\"" + "text\\u00e9 ".repeat(2_000) + "\"],\"b\":null}";
        Object factory =
                loader.loadClass("com.fasterxml.jackson.core.JsonFactory")
                        .getConstructor()
                        .newInstance();
        Object parser =
                factory.getClass().getMethod("createParser", String.class).invoke(factory, json);
        Method next = parser.getClass().getMethod("nextToken");
        Method text = parser.getClass().getMethod("getText");
        StringBuilder seen = new StringBuilder();
        for (Object token = next.invoke(parser); token != null; token = next.invoke(parser)) {
            seen.append(token).append('=').append(text.invoke(parser)).append(' ');
        }
        assertThat(seen.toString())
                .startsWith("START_OBJECT={ FIELD_NAME=a START_ARRAY=[ VALUE_NUMBER_INT=1")
                .contains("text\u00e9 text\u00e9 ")
                .endsWith("FIELD_NAME=b VALUE_NULL=null END_OBJECT=} ");
    }
}
