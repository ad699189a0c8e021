// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListenAddressTest {
    @Test
    void aPortThatAnotherSocketHoldsIsRefusedWithTheWayOut() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ListenAddress listen =
                    ListenAddress.of(Map.of(Arguments.PORT, String.valueOf(holder.getLocalPort())));

            assertThatThrownBy(listen::requireFree)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContainingAll(
                            String.valueOf(holder.getLocalPort()), "127.0.0.1", "--port");
        }
    }

    @Test
    void portZeroIsAlwaysFree() throws Exception {
        ListenAddress.of(Map.of(Arguments.PORT, "0")).requireFree();
    }

    @Test
    void anAddressThatOthersCanReachNeedsAnExplicitSetting() throws Exception {
        Map<String, String> open = Map.of(Arguments.HOST, "0.0.0.0");
        assertThatThrownBy(() -> ListenAddress.of(open))
                .hasMessageContaining(ListenAddress.ALLOW_PLAIN_HTTP + "=true");

        Map<String, String> allowed =
                Map.of(Arguments.HOST, "0.0.0.0", ListenAddress.ALLOW_PLAIN_HTTP, "true");
        assertThat(ListenAddress.of(allowed).reachableFromOutside()).isTrue();
    }

    @Test
    void aPortInTheSettingsIsCheckedLikeOneOnTheCommandLine() {
        assertThatThrownBy(() -> ListenAddress.of(Map.of(Arguments.PORT, "http")))
                .hasMessage(Arguments.PORT + " must be a number from 0 to 65535, was \"http\".");
    }

    @Test
    void theEndpointOfTheAskedAddressIsChosenWhateverTheShapeOfTheProperty() throws Exception {
        ListenAddress listen = ListenAddress.of(Map.of());
        String[] several = {"/", "http://10.0.0.1:81/", "http://127.0.0.1:8080/"};

        assertThat(Readiness.endpointOf(several, listen))
                .hasToString("Optional[http://127.0.0.1:8080]");
        assertThat(Readiness.endpointOf(List.of(several), listen))
                .hasToString("Optional[http://127.0.0.1:8080]");
        assertThat(Readiness.endpointOf("http://127.0.0.1:9/", listen))
                .hasToString("Optional[http://127.0.0.1:9]");
        assertThat(Readiness.endpointOf(new String[] {"/"}, listen)).isEmpty();
    }
}
