// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.task.TaskType;

/** The text form of recordings; see {@link Recording#text}. */
final class RecordingText {
    private static final String TITLE = "# recorded run of a domain, format 1";
    private static final String COLUMNS =
            "# release\tdeadline\testimate\tpriority\ttype\tend\tlate\tsteps\tname";
    private static final int COLUMN_COUNT = 9;

    private RecordingText() {}

    static String write(Recording recording) {
        StringBuilder text = new StringBuilder(TITLE).append('\n');
        setting(text, "slots", recording.slots());
        setting(text, "quantum", recording.quantum());
        setting(text, "maxStarted", recording.maxStarted());
        setting(text, "minPriority", recording.minPriority());
        setting(text, "maxPriority", recording.maxPriority());
        setting(text, "preemptive", recording.preemptive());
        setting(text, "ties", recording.ties());
        text.append(COLUMNS).append('\n');
        for (RecordedTask recorded : recording.tasks()) write(text, recorded);
        return text.toString();
    }

    private static void setting(StringBuilder text, String name, Object value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void write(StringBuilder text, RecordedTask recorded) {
        SimulatedTask task = recorded.task();
        List<String> steps = new ArrayList<>();
        for (Step step : task.steps()) {
            steps.add(
                    switch (step) {
                        case Step.Run(long span) -> "run:" + span;
                        case Step.Block(long span) -> "block:" + span;
                        case Step.Lock(String name) -> "lock:" + encoded(name);
                        case Step.Unlock(String name) -> "unlock:" + encoded(name);
                    });
        }
        text.append(task.release()).append('\t');
        text.append(orNone(task.deadline())).append('\t');
        text.append(orNone(task.estimate())).append('\t');
        text.append(task.priority()).append('\t');
        text.append(task.type()).append('\t');
        text.append(recorded.end()).append('\t');
        text.append(recorded.missed() ? "late" : "ok").append('\t');
        text.append(String.join(",", steps)).append('\t');
        text.append(encoded(task.name())).append('\n');
    }

    private static String orNone(long span) {
        return span == 0 ? "-" : Long.toString(span);
    }

    static Recording parse(String text) {
        Map<String, String> settings = new HashMap<>();
        List<RecordedTask> tasks = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) continue;
            try {
                String[] columns = line.split("\t", -1);
                if (columns.length == COLUMN_COUNT) {
                    tasks.add(task(columns));
                    continue;
                }
                String[] setting = line.split(" ", -1);
                if (columns.length != 1 || setting.length != 2) {
                    throw new IllegalArgumentException(
                            "neither a setting nor " + COLUMN_COUNT + " columns");
                }
                settings.put(setting[0], setting[1]);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
            }
        }
        return recording(settings, tasks);
    }

    private static Recording recording(Map<String, String> settings, List<RecordedTask> tasks) {
        return new Recording(
                Integer.parseInt(need(settings, "slots")),
                Long.parseLong(need(settings, "quantum")),
                Integer.parseInt(need(settings, "maxStarted")),
                Integer.parseInt(need(settings, "minPriority")),
                Integer.parseInt(need(settings, "maxPriority")),
                Boolean.parseBoolean(need(settings, "preemptive")),
                QueuePolicy.valueOf(need(settings, "ties")),
                tasks);
    }

    private static String need(Map<String, String> settings, String name) {
        String value = settings.get(name);
        if (value == null)
            throw new IllegalArgumentException("the setting " + name + " is missing");
        return value;
    }

    private static RecordedTask task(String[] columns) {
        List<Step> steps = new ArrayList<>();
        for (String step : columns[7].split(",", -1)) steps.add(step(step));
        SimulatedTask task =
                new SimulatedTask(
                        URLDecoder.decode(columns[8], UTF_8),
                        TaskType.valueOf(columns[4]),
                        Integer.parseInt(columns[3]),
                        Long.parseLong(columns[0]),
                        0,
                        span(columns[1]),
                        span(columns[2]),
                        0,
                        steps);
        boolean late =
                switch (columns[6]) {
                    case "late" -> true;
                    case "ok" -> false;
                    default -> throw new IllegalArgumentException("late or ok, was " + columns[6]);
                };
        return new RecordedTask(task, Long.parseLong(columns[5]), late);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static Step step(String text) {
        int colon = text.indexOf(':');
        String value = text.substring(colon + 1);
        return switch (text.substring(0, Math.max(0, colon))) {
            case "run" -> Step.run(Long.parseLong(value));
            case "block" -> Step.block(Long.parseLong(value));
            case "lock" -> Step.lock(URLDecoder.decode(value, UTF_8));
            case "unlock" -> Step.unlock(URLDecoder.decode(value, UTF_8));
            default -> throw new IllegalArgumentException("no such step: " + text);
        };
    }

    private static long span(String text) {
        return text.equals("-") ? 0 : Long.parseLong(text);
    }
}
