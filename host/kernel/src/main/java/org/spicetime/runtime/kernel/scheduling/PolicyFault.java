// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.kernel.guard.CallFault;

/** A policy broke its contract. Never leaves this package. */
final class PolicyFault extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_MESSAGE = 256;
    private static final int FRAMES = 12;

    final EjectionReason reason;
    final String sentence;
    private final transient Map<String, Object> found = new LinkedHashMap<>();

    PolicyFault(EjectionReason reason, String sentence) {
        this(reason, sentence, null);
    }

    private PolicyFault(EjectionReason reason, String sentence, @Nullable Throwable cause) {
        super(sentence, cause, false, false);
        this.reason = reason;
        this.sentence = sentence;
    }

    /** What the meter of the calls found. */
    static PolicyFault metered(CallFault found, @Nullable Throwable thrown) {
        PolicyFault fault = new PolicyFault(found.reason(), found.message(), thrown);
        fault.found.putAll(found.report());
        return fault;
    }

    static PolicyFault thrown(String call, Throwable thrown) {
        return new PolicyFault(
                thrown instanceof OutOfMemoryError
                        ? EjectionReason.RESOURCE_ABUSE
                        : EjectionReason.EXCEPTION,
                call + " threw " + thrown.getClass().getName() + messageOf(thrown),
                thrown);
    }

    /** Facts for the author of the policy. */
    Map<String, Object> report() {
        Map<String, Object> facts = new LinkedHashMap<>(found);
        Throwable cause = getCause();
        if (cause != null) {
            facts.put("exception", cause.getClass().getName());
            facts.put("frames", framesOf(cause));
        }
        return facts;
    }

    /* The exception is of the policy's making, and so may its methods be. */

    private static String messageOf(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            if (message == null) return "";
            return ": " + message.substring(0, Math.min(message.length(), LONGEST_MESSAGE));
        } catch (Throwable hostile) {
            return " (whose message cannot be read)";
        }
    }

    private static List<String> framesOf(Throwable thrown) {
        try {
            return Stream.of(thrown.getStackTrace())
                    .limit(FRAMES)
                    .map(StackTraceElement::toString)
                    .toList();
        } catch (Throwable hostile) {
            return List.of();
        }
    }
}
