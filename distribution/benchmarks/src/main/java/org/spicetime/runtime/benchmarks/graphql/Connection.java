// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.graphql;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A connection of HTTP/1.1 that is kept open. It does no more than the load needs, so that little
 * of the processors goes to the client. Called by one thread at a time.
 */
final class Connection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private boolean inChunk;

    Connection(URI server) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
        out = socket.getOutputStream();
        in = socket.getInputStream();
    }

    /** Sends a request and reads its answer, which has to be 200 and data without errors. */
    byte[] exchange(byte[] request) throws IOException {
        out.write(request);
        byte[] answer = readBody(readHead());
        if (!Json.isData(answer))
            throw new IOException("refused: " + new String(answer, StandardCharsets.UTF_8));
        return answer;
    }

    /** Sends a request whose answer is a stream; {@link #chunk} reads on. */
    void open(byte[] request) throws IOException {
        out.write(request);
        if (readHead() >= 0)
            throw new IOException("an answer that was to be a stream has a length");
    }

    /** The next chunk of an answer; empty: it was the last. */
    byte[] chunk() throws IOException {
        endChunk();
        int length = Integer.parseInt(line().split(";", 2)[0].trim(), 16);
        byte[] chunk = bytes(length);
        inChunk = true;
        if (length == 0) endChunk();
        return chunk;
    }

    /* Jetty sends the line that ends a chunk together with the next chunk. */
    private void endChunk() throws IOException {
        if (inChunk && !line().isEmpty()) throw new IOException("a chunk is longer than it says");
        inChunk = false;
    }

    /* Answers the length of the body; -1: it is sent in chunks. */
    private int readHead() throws IOException {
        String status = line();
        int length = -1;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String small = header.toLowerCase(Locale.ROOT);
            if (small.startsWith("content-length:"))
                length = Integer.parseInt(small.substring("content-length:".length()).trim());
            else if (small.startsWith("transfer-encoding:")) chunked = small.contains("chunked");
        }
        if (!chunked && length < 0) throw new IOException("an answer without a length: " + status);
        if (!status.startsWith("HTTP/1.1 200"))
            throw new IOException(
                    status
                            + ": "
                            + new String(readBody(chunked ? -1 : length), StandardCharsets.UTF_8));
        return chunked ? -1 : length;
    }

    private byte[] readBody(int length) throws IOException {
        if (length >= 0) return bytes(length);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) body.write(chunk);
        return body.toByteArray();
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        int got = Math.min(length, limit - position);
        System.arraycopy(buffer, position, bytes, 0, got);
        position += got;
        if (in.readNBytes(bytes, got, length - got) < length - got) throw new EOFException();
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (position == limit) {
                position = 0;
                limit = Math.max(0, in.read(buffer));
                if (limit == 0) throw new EOFException("the server closed the connection");
            }
            int next = buffer[position++] & 0xff;
            if (next == '\n') return line.toString();
            if (next != '\r') line.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
