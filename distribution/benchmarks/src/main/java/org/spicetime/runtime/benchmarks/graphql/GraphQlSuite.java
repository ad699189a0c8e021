// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.graphql;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.spicetime.runtime.benchmarks.Figure;

/** Measures the endpoint beside its peers, in turn. Called by one thread at a time. */
public final class GraphQlSuite {
    private static final double BUDGET = 0.5;
    private static final double STEP_SECONDS = 5;
    private static final int LEAST_STEPS = 4;
    private static final int IDLE_STEPS = 2;
    private static final int MOST_STEPS = 12;
    private static final int FIRST_CLIENTS = 16;
    private static final double WARM_UP_SECONDS = 0.5;
    private static final double WINDOW_SECONDS = 1.5;

    private static final String SPRING_NAME = "Spring";
    private static final String PACKAGE = "org.spicetime.runtime.benchmarks.peers.";
    private static final String PEERS = PACKAGE + "graphql.GraphQlPeer";
    private static final String SPRING = PACKAGE + "spring.SpringPeer";

    private final Questions questions;
    private final List<Server> servers;
    private final PrintStream out;

    private GraphQlSuite(Questions questions, List<Server> servers, PrintStream out) {
        this.questions = questions;
        this.servers = servers;
        this.out = out;
    }

    /**
     * Measures and prints.
     *
     * @param arguments rounds, launcher of the host, class path of the peers, class path of Spring
     *     for GraphQL or nothing if it is not there, empty folder, parts
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 5)
            throw new IllegalArgumentException(
                    "wanted: rounds launcher peers spring folder [part...]");
        int rounds = Integer.parseInt(arguments[0]);
        List<Part> parts = Part.of(List.of(arguments).subList(5, arguments.length));
        Path folder = Path.of(arguments[4]);
        Path answers = Files.createDirectory(folder.resolve("answers"));
        Path data = Files.createDirectory(folder.resolve("data"));
        boolean isShort;
        try (Server host = Server.host(Path.of(arguments[1]), data)) {
            Questions questions = Questions.on(host);
            Map<Part.Kind, byte[]> wanted = new LinkedHashMap<>();
            // The mutation last: it changes what the others answer.
            for (Part.Kind kind :
                    List.of(
                            Part.Kind.FIELDS,
                            Part.Kind.TASKS,
                            Part.Kind.EVENTS,
                            Part.Kind.MUTATION)) {
                wanted.put(kind, questions.answer(host, kind));
                Files.write(answers.resolve(kind.word()), wanted.get(kind));
            }
            List<Server> servers = new ArrayList<>(List.of(host));
            try {
                servers.add(Server.peer("bare Jetty", arguments[2], PEERS, "bare", answers));
                servers.add(
                        Server.peer("graphql-java", arguments[2], PEERS, "graphql-java", answers));
                if (arguments[3].isEmpty()) System.out.println("Spring for GraphQL: not measured");
                else servers.add(Server.peer(SPRING_NAME, arguments[3], SPRING, "", answers));
                for (Server peer : servers.subList(1, servers.size()))
                    for (Map.Entry<Part.Kind, byte[]> one : wanted.entrySet())
                        questions.check(peer, one.getKey(), one.getValue());
                isShort = new GraphQlSuite(questions, servers, System.out).measure(parts, rounds);
            } finally {
                servers.subList(1, servers.size()).forEach(Server::close);
            }
        }
        System.exit(isShort ? 1 : 0);
    }

    private boolean measure(List<Part> parts, int rounds) throws Exception {
        for (Part.Kind kind : parts.stream().map(Part::kind).distinct().toList())
            for (Server server : asked(kind)) warm(server, new Part(kind, FIRST_CLIENTS));
        Map<Part, List<List<Measured>>> measured = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Part part : parts) {
                List<Server> asked = asked(part.kind());
                List<Measured> row = new ArrayList<>(Collections.nCopies(asked.size(), null));
                for (int i = 0; i < asked.size(); i++) {
                    int which = (i + round) % asked.size();
                    row.set(which, one(asked.get(which), part, WARM_UP_SECONDS, WINDOW_SECONDS));
                }
                measured.computeIfAbsent(part, _ -> new ArrayList<>()).add(row);
            }
        }
        boolean isShort = false;
        for (Map.Entry<Part, List<List<Measured>>> one : measured.entrySet()) {
            List<String> names = asked(one.getKey().kind()).stream().map(Server::name).toList();
            for (Figure figure : figures(names, one.getKey(), one.getValue())) {
                out.println(figure.line());
                isShort |= figure.isShort();
            }
        }
        return isShort;
    }

    /* Some of Spring's subscribers were not told of every change, and what is lost cannot be timed. */
    private List<Server> asked(Part.Kind kind) {
        if (kind != Part.Kind.EVENTS) return servers;
        return servers.stream().filter(server -> !server.name().equals(SPRING_NAME)).toList();
    }

    /* Until the compilers have nothing more to gain: two steps in a row are not a tenth better than the best
     * before. One alone may be another process on the processors. */
    private void warm(Server server, Part part) throws Exception {
        double best = Double.POSITIVE_INFINITY;
        int idle = 0;
        for (int step = 0; step < MOST_STEPS && (step < LEAST_STEPS || idle < IDLE_STEPS); step++) {
            double now = one(server, part, 0, STEP_SECONDS).processorMicros();
            idle = now > 0.9 * best ? idle + 1 : 0;
            best = Math.min(best, now);
        }
    }

    private Measured one(Server server, Part part, double warmUp, double window) throws Exception {
        if (part.kind() == Part.Kind.EVENTS)
            return FanOut.run(
                    server,
                    part.clients(),
                    questions.requests(server, part.kind(), 0).getFirst(),
                    questions.changes(server),
                    warmUp,
                    window);
        List<List<byte[]>> requests = new ArrayList<>();
        for (int i = 0; i < part.clients(); i++)
            requests.add(questions.requests(server, part.kind(), i));
        return Load.run(server, requests, warmUp, window);
    }

    /** The figures of a part; a row is a round of the host, the bare servlet and other peers. */
    static List<Figure> figures(List<String> names, Part part, List<List<Measured>> rows) {
        String title = part.title();
        List<Figure> figures = new ArrayList<>();
        for (int i = 1; i < names.size(); i++) {
            int peer = i;
            String name =
                    title + ", " + names.get(i) + " : host, processor time per " + part.counted();
            List<Double> ratios =
                    rows.stream().map(r -> processor(r, peer) / processor(r, 0)).toList();
            figures.add(
                    i == 1 && part.kind() == Part.Kind.FIELDS
                            ? Figure.atLeast(name, "", BUDGET, "aim 0.7", ratios)
                            : Figure.told(name, "", "", ratios));
            figures.add(
                    Figure.told(
                            title + ", host : " + names.get(i) + ", " + part.counted() + "s/s",
                            "",
                            "",
                            rows.stream().map(r -> rate(r, 0) / rate(r, peer)).toList()));
        }
        for (int i = 0; i < names.size(); i++) {
            int server = i;
            figures.add(
                    Figure.told(
                            title + ", " + names.get(i),
                            part.counted() + "s/s",
                            costs(rows.stream().map(r -> r.get(server)).toList()),
                            rows.stream().map(r -> rate(r, server)).toList()));
        }
        return figures;
    }

    private static double processor(List<Measured> row, int server) {
        return row.get(server).processorMicros();
    }

    private static double rate(List<Measured> row, int server) {
        return row.get(server).perSecond();
    }

    private static String costs(List<Measured> windows) {
        return String.format(
                Locale.ROOT,
                "p50 %.0f us, p99 %.0f us, processor %.1f us",
                Figure.median(windows.stream().mapToDouble(Measured::medianMicros).toArray()),
                Figure.median(windows.stream().mapToDouble(Measured::slowMicros).toArray()),
                Figure.median(windows.stream().mapToDouble(Measured::processorMicros).toArray()));
    }
}
