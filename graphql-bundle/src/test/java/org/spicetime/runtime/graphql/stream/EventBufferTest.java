// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.Watch;

class EventBufferTest {
    /** The first letter of a state is what it is the state of. */
    private record Lettered(Kind kind) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            return () -> {};
        }

        @Override
        public Object key(Object value) {
            return value.toString().charAt(0);
        }
    }

    private static List<Object> taken(EventBuffer buffer) {
        List<Object> taken = new ArrayList<>();
        EventBuffer.Item item = buffer.take();
        while (item != null) {
            taken.add(item.value());
            item = buffer.take();
        }
        return taken;
    }

    @Test
    void theNewestStateOfEachThingWaitsInTheOrderOfItsLastChange() {
        EventBuffer buffer = new EventBuffer(new Lettered(EventSource.Kind.STATES));
        for (String state : List.of("a1", "b1", "a2", "c1", "b2", "a3")) buffer.put(state);
        assertThat(taken(buffer)).containsExactly("c1", "b2", "a3");
    }

    @Test
    void aStateThatIsTheOneTakenLastIsNotToldAgain() {
        EventBuffer buffer = new EventBuffer(new Lettered(EventSource.Kind.STATES));
        buffer.put("a1");
        assertThat(taken(buffer)).containsExactly("a1");
        buffer.put("a2");
        buffer.put("a1");
        assertThat(taken(buffer)).isEmpty();
    }

    @Test
    void whatComesAfterTheEndIsNotKept() {
        EventBuffer buffer = new EventBuffer(new Lettered(EventSource.Kind.EVENTS));
        buffer.put("a");
        buffer.end();
        buffer.put("b");
        assertThat(buffer.exhausted()).isFalse();
        assertThat(taken(buffer)).containsExactly("a");
        assertThat(buffer.exhausted()).isTrue();
    }
}
