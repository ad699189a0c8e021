// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A peer that takes a text when the test says so, or at once. Called by one thread at a time. */
final class FakePeer implements Peer {
    final List<String> taken = new ArrayList<>();
    boolean reading = true;
    int demands;
    int pings;
    @Nullable String closed;
    private @Nullable Sent underWay;
    private @Nullable String text;

    @Override
    public void send(String sending, Sent sent) {
        if (underWay != null) throw new AssertionError("two texts under way");
        if (closed != null) throw new AssertionError("sent after the close: " + sending);
        if (reading) {
            taken.add(sending);
            sent.succeeded();
        } else {
            underWay = sent;
            text = sending;
        }
    }

    /** Takes the text under way. */
    void take() {
        Sent sent = underWay;
        String taking = text;
        if (sent == null || taking == null) throw new AssertionError("nothing is under way");
        underWay = null;
        taken.add(taking);
        sent.succeeded();
    }

    boolean hasUnderWay() {
        return underWay != null;
    }

    void fail() {
        Sent sent = underWay;
        if (sent == null) throw new AssertionError("nothing is under way");
        underWay = null;
        sent.failed(new java.io.IOException("gone"));
    }

    @Override
    public void demand() {
        demands++;
    }

    @Override
    public void ping() {
        pings++;
    }

    @Override
    public void close(int code, String reason) {
        if (closed != null) throw new AssertionError("closed twice");
        closed = code + " " + reason;
    }
}
