// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;
import org.spicetime.runtime.benchmarks.Suite;
import org.spicetime.runtime.benchmarks.weaving.Weaving;

/** The budgets of the scheduler, one after the other. */
public final class SchedulerSuite implements Suite {
    private static final int WORKERS = 2;

    /** Stateless. */
    public SchedulerSuite() {}

    @Override
    public void run(Lab lab, Consumer<Figure> figures) throws Exception {
        throughput(lab, figures);
        SwapPause.measure(lab, figures);
        ShareError.measure(lab, figures);
        Bundle work = lab.installWork();
        HandOff.measure(lab, figures);
        PreemptionLoss.measure(lab, figures);
        RealtimeRun.measure(lab, figures);
        Weaving.measure(work, figures);
    }

    private static void throughput(Lab lab, Consumer<Figure> figures) throws InterruptedException {
        List<Target> targets = new ArrayList<>();
        try {
            targets.add(Peers.ordered(WORKERS));
            targets.add(Peers.plain(WORKERS));
            targets.add(Peers.forkJoin(WORKERS));
            targets.add(Peers.disruptor(WORKERS));
            targets.add(Peers.virtual());
            for (String policy : List.of("PRIORITY", "EDF", "FIFO"))
                targets.add(new DomainTarget(lab, policy, WORKERS));
            Rates rates = new Rates();
            rates.measure(targets, lab.runs());
            rates.tell(figures);
            ratio(rates, "PRIORITY", Peers.ORDERED, 4, figures);
            ratio(rates, "EDF", Peers.ORDERED, 3, figures);
            ratio(rates, "FIFO", Peers.PLAIN, 1.5, figures);
            ratio(rates, "FIFO", Peers.FORK_JOIN, 0.6, figures);
            ratio(rates, "FIFO", Peers.DISRUPTOR, Double.NaN, figures);
            ratio(rates, "FIFO", Peers.VIRTUAL, Double.NaN, figures);
            latency(targets, lab.runs(), figures);
        } finally {
            for (Target target : targets) target.close();
        }
    }

    private static void ratio(
            Rates rates, String ours, String peer, double budget, Consumer<Figure> figures) {
        figures.accept(
                Figure.atLeast(
                        ours + " : " + peer + ", throughput",
                        "x",
                        budget,
                        "",
                        rates.throughputRatio(ours, peer)));
        figures.accept(
                Figure.told(
                        peer + " : " + ours + ", processor time per task",
                        "x",
                        "",
                        rates.cpuRatio(ours, peer)));
    }

    /* A paced submission finds an idle worker; what is left is the wake-up of a thread, the same for all. */
    private static void latency(List<Target> targets, int runs, Consumer<Figure> figures)
            throws InterruptedException {
        List<List<DispatchLatency.Measured>> measured = new ArrayList<>();
        for (Target target : targets) {
            DispatchLatency.of(target);
            measured.add(new ArrayList<>());
        }
        for (int run = 0; run < runs; run++)
            for (int i = 0; i < targets.size(); i++)
                measured.get(i).add(DispatchLatency.of(targets.get(i)));
        for (int i = 0; i < targets.size(); i++) {
            String name = targets.get(i).name() + ", idle worker, submit to run, ";
            List<DispatchLatency.Measured> its = measured.get(i);
            figures.accept(
                    Figure.told(
                            name + "p50",
                            "us",
                            "",
                            its.stream().map(DispatchLatency.Measured::p50).toList()));
            figures.accept(
                    Figure.told(
                            name + "p99",
                            "us",
                            "",
                            its.stream().map(DispatchLatency.Measured::p99).toList()));
        }
    }
}
