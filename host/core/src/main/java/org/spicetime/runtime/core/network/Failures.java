// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.network.HttpCall;
import org.spicetime.runtime.api.network.NetworkException;
import org.spicetime.runtime.api.network.RetryCondition;

/** What is said of requests without an answer: the address and the cause. Thread-safe. */
final class Failures {

    /** What a call that ran out of time waited for. */
    enum Missing {
        BANDWIDTH("no bandwidth left"),
        CONNECTION("no free connection"),
        ANSWER("no answer");

        private final String words;

        Missing(String words) {
            this.words = words;
        }
    }

    private Failures() {}

    /** The attempt of a call failed. */
    static Outcome.Failed of(HttpCall call, boolean begun, Throwable cause) {
        return new Outcome.Failed(
                isTooLarge(cause) ? null : begun ? RetryCondition.IO : RetryCondition.CONNECT,
                exception(call, cause(call, begun, cause), cause));
    }

    /** The call ran out of time. */
    static Outcome.Failed late(HttpCall call, Deadline deadline, Missing missing) {
        return new Outcome.Failed(
                null,
                exception(
                        call,
                        missing.words + " within " + deadline.limit().toMillis() + " ms",
                        null));
    }

    static NetworkException exception(HttpCall call, String what, @Nullable Throwable cause) {
        return new NetworkException(call.method() + " " + address(call.uri()) + ": " + what, cause);
    }

    /** Without query and user, which may be secret. */
    private static String address(URI uri) {
        String path = uri.getRawPath();
        return uri.getScheme()
                + "://"
                + uri.getHost()
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + (path == null ? "" : path.length() > 256 ? path.substring(0, 256) + "..." : path);
    }

    private static boolean isTooLarge(Throwable cause) {
        return cause instanceof Attempt.TooLargeException;
    }

    private static String cause(HttpCall call, boolean begun, Throwable cause) {
        return switch (cause) {
            case Attempt.TooLargeException tooLarge ->
                    "the answer is larger than " + call.maxResponseBytes() + " bytes";
            case UnknownHostException unknown -> "the host name cannot be resolved";
            case UnresolvedAddressException unresolved -> "the host name cannot be resolved";
            case ConnectException refused -> "no connection: " + said(refused);
            case SocketTimeoutException late when !begun -> "no connection in time";
            case TimeoutException late -> "no activity in time";
            case SSLException tls -> "TLS failed: " + said(tls);
            case ZipException broken -> "the answer is not gzip: " + said(broken);
            case EOFException end -> "the server closed the connection before the answer was whole";
            default -> (begun ? "the exchange failed: " : "no connection: ") + said(cause);
        };
    }

    private static String said(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank()
                ? cause.getClass().getSimpleName()
                : message.length() > 256 ? message.substring(0, 256) + "..." : message;
    }
}
