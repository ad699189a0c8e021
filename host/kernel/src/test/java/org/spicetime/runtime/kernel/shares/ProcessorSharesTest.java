// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.shares;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ProcessorSharesTest {
    private static final long TICK = 1_000_000;

    /** A domain that uses whatever it may, on a machine that gives each task a processor. */
    private static final class Domain {
        final Share share;
        int wanted;
        long used;

        Domain(String name, int wanted) {
            share = new Share(name);
            this.wanted = wanted;
        }
    }

    private final List<Domain> domains = new ArrayList<>();
    private final ProcessorShares shares = new ProcessorShares(2);
    private long now = 1;

    private Domain domain(String name, double cores, int weight, int wanted) {
        Domain domain = new Domain(name, wanted);
        domains.add(domain);
        shares.add(domain.share);
        shares.grant(domain.share, cores, weight, now);
        return domain;
    }

    /* Processors are time-shared evenly if more tasks run than there are processors. */
    private void run(ProcessorShares host, int processors, int ticks) {
        for (int tick = 0; tick < ticks; tick++) {
            host.advance(now);
            long running = 0;
            for (Domain domain : domains)
                running += Math.min(domain.share.permits(), domain.wanted);
            double part = Math.min(1, (double) processors / Math.max(1, running));
            now += TICK;
            for (Domain domain : domains) {
                long used = (long) (Math.min(domain.share.permits(), domain.wanted) * part * TICK);
                domain.used += used;
                host.report(domain.share, used, domain.wanted);
            }
        }
    }

    private void run(int ticks) {
        for (Domain domain : domains) {
            shares.report(domain.share, 0, domain.wanted);
            domain.used = 0;
        }
        run(shares, 2, ticks);
    }

    private static double coresOf(Domain domain, int ticks) {
        return (double) domain.used / (ticks * TICK);
    }

    @Test
    void nobodyIsLimitedWhileNothingIsGuaranteed() {
        Domain greedy = domain("greedy", 0, 1, 64);

        run(10);

        assertThat(greedy.share.permits()).isEqualTo(Share.UNLIMITED);
        assertThat(shares.active()).isFalse();
    }

    @Test
    void nobodyIsLimitedWhileAllCanRunWhatTheyWant() {
        Domain calm = domain("calm", 1, 1, 1);
        Domain other = domain("other", 0, 1, 1);

        run(50);

        assertThat(calm.share.permits()).isEqualTo(Share.UNLIMITED);
        assertThat(other.share.permits()).isEqualTo(Share.UNLIMITED);
        assertThat(other.share.heldBackNanos()).isZero();
    }

    @Test
    void aGreedyNeighbourCannotTakeAGuaranteedShare() {
        Domain calm = domain("calm", 1, 1, 1);
        Domain greedy = domain("greedy", 0, 1, 64);

        run(1000);

        assertThat(coresOf(calm, 1000)).isGreaterThanOrEqualTo(0.99);
        assertThat(coresOf(greedy, 1000)).isCloseTo(1, within(0.02));
        assertThat(greedy.share.heldBackNanos()).isGreaterThan(900 * TICK);
    }

    @Test
    void whoHasNoGuaranteeSharesWhatIsLeftByWeight() {
        Domain calm = domain("calm", 0.5, 1, 1);
        Domain light = domain("light", 0, 1, 4);
        Domain heavy = domain("heavy", 0, 3, 4);

        run(4000);

        assertThat(coresOf(calm, 4000)).isGreaterThanOrEqualTo(0.5);
        assertThat(coresOf(heavy, 4000) / coresOf(light, 4000)).isCloseTo(3, within(0.1));
        assertThat(coresOf(calm, 4000) + coresOf(light, 4000) + coresOf(heavy, 4000))
                .isCloseTo(2, within(0.01));
    }

    @Test
    void whoSleptGetsNoCreditForIt() {
        Domain calm = domain("calm", 0.1, 1, 1);
        Domain steady = domain("steady", 0, 1, 2);
        Domain sleeper = domain("sleeper", 0, 1, 0);
        run(1000);
        sleeper.wanted = 2;

        run(1000);

        assertThat(coresOf(sleeper, 1000)).isCloseTo(coresOf(steady, 1000), within(0.05));
        assertThat(coresOf(calm, 1000)).isGreaterThanOrEqualTo(0.1);
    }

    @Test
    void whatIsNotUsedIsUsedByOthers() {
        domain("absent", 1.5, 1, 0);
        Domain greedy = domain("greedy", 0, 1, 8);

        run(100);

        assertThat(coresOf(greedy, 100)).isCloseTo(2, within(0.01));
    }

    @Test
    void anEndedGuaranteeLimitsNobody() {
        Domain calm = domain("calm", 1, 1, 2);
        Domain greedy = domain("greedy", 0, 1, 8);
        run(20);
        assertThat(greedy.share.permits()).isLessThan(8);

        shares.grant(calm.share, 0, 1, now);
        run(1);

        assertThat(greedy.share.permits()).isEqualTo(Share.UNLIMITED);
    }

    @Test
    void everyGuaranteeHoldsOverAnyHundredMillisecondsWhateverTheOthersDo() {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("shares seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            domains.clear();
            int processors = random.nextInt(1, 9);
            ProcessorShares host = new ProcessorShares(processors);
            double left = processors * ProcessorShares.MOST_GUARANTEED;
            int count = random.nextInt(2, 9);
            for (int i = 0; i < count; i++) {
                double cores = random.nextBoolean() ? random.nextDouble() * left : 0;
                left -= cores;
                Domain domain = new Domain("domain " + i, random.nextInt(1, 17));
                domain.wanted = Math.max(domain.wanted, (int) Math.ceil(cores));
                domains.add(domain);
                host.add(domain.share);
                host.grant(domain.share, cores, random.nextInt(1, 11), now);
                host.report(domain.share, 0, domain.wanted);
            }
            for (int window = 0; window < 5; window++) {
                domains.forEach(domain -> domain.used = 0);
                run(host, processors, 100);
                for (Domain domain : domains)
                    assertThat(coresOf(domain, 100))
                            .as("seed %d, round %d, %s", seed, round, domain.share)
                            .isGreaterThanOrEqualTo(domain.share.cores() * 0.9 - 0.02);
            }
        }
    }

    @Test
    void grantsOutOfRangeAreRefused() {
        Domain domain = domain("domain", 0, 1, 1);

        for (double cores : new double[] {-1, 2.5, Double.NaN, Double.POSITIVE_INFINITY})
            assertThatThrownBy(() -> shares.grant(domain.share, cores, 1, now))
                    .hasMessage("cores must be 0 .. 2, was " + cores);
        assertThatThrownBy(() -> shares.grant(domain.share, 1, 0, now))
                .hasMessageContaining("weight must be 1 or more");
        assertThatThrownBy(() -> new ProcessorShares(0)).hasMessageContaining("was 0");
    }
}
