// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Sums the test reports of all modules and closes with "N passed, N failed, N skipped".
 *
 * <p>Arguments: the root of the tree and Maven's exit code. Counted are the JUnit XML files below a
 * target folder in surefire-reports, failsafe-reports and extra-results. Exit code 0 only if Maven
 * succeeded, no test failed, at least one ran, and no module with tests stayed silent.
 */
final class TestSummary {
    private static final Set<String> REPORTS =
            Set.of("surefire-reports", "failsafe-reports", "extra-results");
    private static final Set<String> NOT_OURS = Set.of(".git", "node_modules");

    private int passed;
    private final List<String> failed = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private final Set<Path> withTests = new TreeSet<>();
    private final Set<Path> withReports = new TreeSet<>();

    public static void main(String[] arguments) throws IOException {
        TestSummary summary = new TestSummary();
        summary.collect(Path.of(arguments[0]));
        System.exit(summary.print(Integer.parseInt(arguments[1])) ? 0 : 1);
    }

    private void collect(Path root) throws IOException {
        List<Path> reports = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes is) {
                        boolean instance = dir.equals(root.resolve("data"));
                        return instance || NOT_OURS.contains(dir.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
                        Path path = root.relativize(file);
                        if (isReport(path)) {
                            reports.add(file);
                            withReports.add(moduleOf(path, "target"));
                        } else if (isTest(path)) {
                            withTests.add(moduleOf(path, "src"));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    // A test may have left a folder that cannot be read; it is no report.
                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        reports.sort(null);
        for (Path report : reports) {
            read(root.relativize(report), report);
        }
    }

    private static boolean isReport(Path path) {
        String name = path.getFileName().toString();
        Path folder = path.getParent();
        if (folder == null || !name.endsWith(".xml") || moduleOf(path, "target").equals(path)) {
            return false;
        }
        String parent = folder.getFileName().toString();
        return REPORTS.contains(parent)
                && (parent.equals("extra-results") || name.startsWith("TEST-"));
    }

    private static boolean isTest(Path path) {
        return path.toString().contains("src/test/java/")
                && path.getFileName().toString().matches(".+(Test|IT)\\.java");
    }

    /** The part of the path before the first element of this name, or all of it. */
    private static Path moduleOf(Path path, String element) {
        for (int i = 1; i < path.getNameCount(); i++) {
            if (path.getName(i).toString().equals(element)) {
                return path.subpath(0, i);
            }
        }
        return path;
    }

    private void read(Path shown, Path report) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream bytes = Files.newInputStream(report)) {
            XMLStreamReader xml = factory.createXMLStreamReader(bytes);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("testcase")) {
                    readTest(xml);
                }
            }
        } catch (XMLStreamException e) {
            failed.add(shown + ": the report cannot be read (" + firstLineOf(e.getMessage()) + ")");
        }
    }

    private void readTest(XMLStreamReader xml) throws XMLStreamException {
        String name = nameOf(xml);
        String failure = null;
        String skip = null;
        for (int depth = 1; depth > 0; ) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            } else if (event == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "failure", "error" -> failure = reasonOf(xml, "no message");
                    case "skipped" -> skip = reasonOf(xml, "no reason given");
                    default -> depth++;
                }
            }
        }
        if (failure != null) {
            failed.add(name + ": " + failure);
        } else if (skip != null) {
            skipped.add(name + ": " + skip);
        } else {
            passed++;
        }
    }

    private static String nameOf(XMLStreamReader xml) {
        String type = xml.getAttributeValue(null, "classname");
        String name = xml.getAttributeValue(null, "name");
        if (name == null || name.isBlank()) {
            return String.valueOf(type);
        }
        return type == null || type.isBlank() ? name : type + "." + name;
    }

    /** The message, or else the first line of the trace without the class before it; reads the element to its end. */
    private static String reasonOf(XMLStreamReader xml, String otherwise) throws XMLStreamException {
        String message = xml.getAttributeValue(null, "message");
        String type = xml.getAttributeValue(null, "type");
        String trace = xml.getElementText();
        if (message == null || message.isBlank()) {
            message = firstLineOf(trace);
            if (type != null && message.startsWith(type + ": ")) {
                message = message.substring(type.length() + 2);
            }
        }
        if (message.isBlank()) {
            message = type;
        }
        return message == null || message.isBlank() ? otherwise : firstLineOf(message);
    }

    private static String firstLineOf(String text) {
        String line = text.strip().lines().findFirst().orElse("");
        return line.length() <= 200 ? line : line.substring(0, 200) + " ...";
    }

    private boolean print(int mavenExit) {
        print("Skipped", skipped);
        print("Failed", failed);
        List<String> silent = new ArrayList<>();
        if (mavenExit == 0) {
            withTests.stream()
                    .filter(module -> !withReports.contains(module))
                    .forEach(module -> silent.add(module + " has tests, none ran"));
        }
        print("Silent", silent);
        if (mavenExit != 0 && failed.isEmpty()) {
            System.out.println(
                    "\nMaven failed (exit code "
                            + mavenExit
                            + ") although no test failed: the first [ERROR] above says why.");
        }
        if (passed + failed.size() == 0) {
            System.out.println("\nNo test ran.");
        }
        System.out.println();
        System.out.println(
                passed + " passed, " + failed.size() + " failed, " + skipped.size() + " skipped");
        return mavenExit == 0 && failed.isEmpty() && silent.isEmpty() && passed > 0;
    }

    private static void print(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            System.out.println("\n" + title + ":");
            lines.forEach(line -> System.out.println("  " + line));
        }
    }
}
