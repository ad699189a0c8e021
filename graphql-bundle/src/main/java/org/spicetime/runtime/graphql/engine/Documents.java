// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

/** Where the document of a request comes from. Thread-safe. */
interface Documents {
    /** The document of a request, sent or known. */
    String text(GraphQlRequest request) throws RequestRefused;

    /** The document of this request is valid. */
    void keep(GraphQlRequest request, String text) throws RequestRefused;
}
