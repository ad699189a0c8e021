// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.hardware.HardwareFacts;
import org.spicetime.runtime.api.hardware.HardwareSample;
import org.spicetime.runtime.api.hardware.MemorySample;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import oshi.SystemInfo;
import oshi.hardware.HardwareAbstractionLayer;

class MachineTest {

    @Test
    void thisMachineIsReadForReal() {
        SystemInfo info = new SystemInfo();
        Machine machine = new Machine(info.getHardware(), info.getOperatingSystem());

        HardwareFacts facts = machine.facts();
        HardwareSample first = machine.sample(Instant.EPOCH, 0);
        HardwareSample second = machine.sample(Instant.EPOCH, TimeUnit.SECONDS.toNanos(1));

        assertThat(facts.logicalProcessors().orElseThrow()).isPositive();
        assertThat(facts.memoryBytes().orElseThrow()).isGreaterThan(1L << 20);
        assertThat(first.processor().loadRatio()).as("a load needs two readings").isEmpty();
        assertThat(first.network().receivedBytesPerSecond()).isEmpty();
        assertThat(second.memory().processResidentBytes().orElseThrow()).isGreaterThan(1L << 20);
        assertThat(second.fileSystems()).isNotEmpty();
    }

    @Test
    void whatCannotBeReadIsUnknownAndDisturbsNothingElse() {
        SystemInfo info = new SystemInfo();
        HardwareAbstractionLayer broken =
                (HardwareAbstractionLayer)
                        Proxy.newProxyInstance(
                                MachineTest.class.getClassLoader(),
                                new Class<?>[] {HardwareAbstractionLayer.class},
                                (_, method, _) -> {
                                    throw new UnsatisfiedLinkError(
                                            "no native library for " + method.getName());
                                });

        HardwareSample sample =
                new Machine(broken, info.getOperatingSystem()).sample(Instant.EPOCH, 0);

        assertThat(sample.processor()).isEqualTo(ProcessorSample.UNKNOWN);
        assertThat(sample.memory()).isEqualTo(MemorySample.UNKNOWN);
        assertThat(sample.fileSystems()).isNotEmpty();
    }
}
