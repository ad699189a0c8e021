// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spicetime.runtime.core.domain.TestHost.get;
import static org.spicetime.runtime.core.domain.TestHost.patch;
import static org.spicetime.runtime.core.domain.TestHost.task;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.domain.ResourceRequest;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;

/** Two hosts, one after the other, over one store. */
class RestartTest {

    @TempDir private Path instance;
    private KeptStore kept;
    private TestHost host;

    @BeforeEach
    void start() {
        kept = new KeptStore(instance);
        host = new TestHost(kept);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Domain restarted(String id) {
        host.close();
        host = new TestHost(kept);
        return host.domains.find(DomainId.of(id)).orElseThrow();
    }

    @Test
    void a_domain_comes_back_with_its_configuration_revision_and_next_epoch() {
        Domain before = host.domain("back");
        get(before.configure(patch("executor", Map.of("queueCapacity", 77)), null));
        DomainState was = before.state();
        var revisions = before.revisions(10);
        var origins = before.origins();

        Domain after = restarted("back");
        DomainState is = after.state();

        assertThat(is.config()).isEqualTo(was.config());
        assertThat(is.revision()).isEqualTo(2);
        assertThat(after.revisions(10)).isEqualTo(revisions);
        assertThat(after.origins()).isEqualTo(origins);
        assertThat(is.createdAt()).isEqualTo(was.createdAt());
        assertThat(is.incarnation()).isEqualTo(was.incarnation());
        assertThat(is.epoch()).isGreaterThan(was.epoch());
        assertThat(is.status()).isEqualTo(RuntimeStatus.RUNNING);
    }

    @Test
    void a_domain_goes_on_as_it_was_asked_to() {
        get(host.domain("paused").pause());
        get(host.domain("draining").drain());
        get(host.domain("stopped").stop(false));
        host.domain("running");

        host.close();
        host = new TestHost(kept);

        assertThat(status("paused")).isEqualTo(RuntimeStatus.PAUSED);
        assertThat(status("draining")).isEqualTo(RuntimeStatus.DRAINING);
        assertThat(status("stopped")).isEqualTo(RuntimeStatus.STOPPED);
        assertThat(status("running")).isEqualTo(RuntimeStatus.RUNNING);
    }

    private RuntimeStatus status(String id) {
        return host.domains.find(DomainId.of(id)).orElseThrow().state().status();
    }

    @Test
    void what_was_reserved_is_reserved_and_bounds_what_others_get() {
        Domain before = host.domain("rich");
        ResourceAllocation granted =
                get(
                        before.allocate(
                                new ResourceRequest(
                                        new ResourceRequest.Cpu(1.5, 7), null, null, 3)));

        assertThat(restarted("rich").allocation()).contains(granted);
        Domain other = host.domain("other");
        assertThatThrownBy(() ->
                        get(
                                other.allocate(
                                        new ResourceRequest(
                                                new ResourceRequest.Cpu(1.0, 0), null, null, 0))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("cores");
    }

    @Test
    void a_schedule_goes_on_counting_and_makes_up_for_what_was_missed() throws Exception {
        CountDownLatch ran = new CountDownLatch(2);
        host.work(
                "tick",
                context -> {
                    ran.countDown();
                    return null;
                });
        Domain before = host.domain("beats");
        Instant start = Instant.now().plusSeconds(3600);
        Schedule made =
                get(
                        before.createSchedule(
                                new ScheduleRequest(
                                        "beat",
                                        task("tick").priority(7).maxRetries(5).build(),
                                        Recurrence.every(Duration.ofMinutes(10)),
                                        start,
                                        OverlapPolicy.ALLOW,
                                        MisfirePolicy.RUN_ALL,
                                        Duration.ofSeconds(30),
                                        false)));

        Schedule back = restarted("beats").findSchedule(made.id()).orElseThrow();

        assertThat(back).isEqualTo(made);
        assertThat(
                        get(host.domains
                                        .find(DomainId.of("beats"))
                                        .orElseThrow()
                                        .pauseSchedule(made.id(), "me"))
                                .revision())
                .isEqualTo(2);
    }

    @Test
    void a_deleted_domain_stays_deleted() {
        host.domain("gone");
        get(host.domains.delete(DomainId.of("gone"), true, ChangedBy.HOST));

        host.close();
        host = new TestHost(kept);

        assertThat(host.domains.find(DomainId.of("gone"))).isEmpty();
    }

    @Test
    void a_domain_whose_configuration_cannot_be_read_is_failed_and_the_others_go_on() {
        host.domain("bad");
        host.domain("good");
        kept.spoilConfiguration(DomainId.of("bad"));

        Domain bad = restarted("bad");

        assertThat(bad.state().status()).isEqualTo(RuntimeStatus.FAILED);
        assertThat(bad.state().statusReason()).contains("could not be restored");
        assertThatThrownBy(() -> get(bad.start()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("could not be restored");
        assertThat(status("good")).isEqualTo(RuntimeStatus.RUNNING);
        get(host.domains.delete(DomainId.of("bad"), false, ChangedBy.HOST));
        assertThat(host.domains.find(DomainId.of("bad"))).isEmpty();
    }
}
