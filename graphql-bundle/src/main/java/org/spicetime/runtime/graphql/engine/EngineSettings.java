// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What one GraphQL request may cost, and how fast a caller may change things. A change starts the
 * endpoint anew: sockets are closed with 1001 and clients connect again.
 */
@ObjectClassDefinition(
        name = "Domain Runtime: GraphQL limits",
        description =
                "What one request may cost, and how fast a caller may change things. A value outside of its range is taken as the nearest one"
                        + " inside. A change starts the endpoint anew; clients connect again.")
public @interface EngineSettings {
    /** Tokens. */
    @AttributeDefinition(
            name = "Tokens",
            description = "Most tokens of a document, 100 to 100000.",
            min = "100",
            max = "100000")
    int tokens() default 2000;

    /** Depth. */
    @AttributeDefinition(
            name = "Depth",
            description = "Most nested fields, introspection apart, 4 to 100.",
            min = "4",
            max = "100")
    int depth() default 12;

    /** Aliases. */
    @AttributeDefinition(
            name = "Aliases",
            description = "Most aliases of a document, fragments expanded, 0 to 1000.",
            min = "0",
            max = "1000")
    int aliases() default 30;

    /** Root fields. */
    @AttributeDefinition(
            name = "Root fields",
            description = "Most root fields of one operation, fragments expanded, 1 to 1000.",
            min = "1",
            max = "1000")
    int rootFields() default 20;

    /** Cost. */
    @AttributeDefinition(
            name = "Cost",
            description = "Most points of the static cost of an operation, 100 to 1000000.",
            min = "100",
            max = "1000000")
    int cost() default 1000;

    /** Run time. */
    @AttributeDefinition(
            name = "Execution time",
            description = "Milliseconds after which an operation is given up, 100 to 600000.",
            min = "100",
            max = "600000")
    int executionMillis() default 5000;

    /** Rate of changes. */
    @AttributeDefinition(
            name = "Mutations per second",
            description =
                    "Changes that one caller may make a second, scheduleTask and scheduleTasks apart,"
                            + " 1 to 1000000.",
            min = "1",
            max = "1000000")
    int mutationsPerSecond() default 10;

    /** Changes at once. */
    @AttributeDefinition(
            name = "Burst of mutations",
            description = "Changes that one caller may make at once after a rest, 1 to 1000000.",
            min = "1",
            max = "1000000")
    int mutationBurst() default 50;

    /** Rate of tasks. */
    @AttributeDefinition(
            name = "Tasks per second",
            description =
                    "New tasks that one caller may schedule a second, 1 to 1000000. At once it may be"
                            + " as many, and at least 1000; a repeated idempotency key is no new"
                            + " task.",
            min = "1",
            max = "1000000")
    int tasksPerSecond() default 1000;

    /** Introspection. */
    @AttributeDefinition(
            name = "Introspection",
            description =
                    "Whether every caller is told the schema, by introspection and as"
                            + " /schema.graphqls; otherwise administrators are.")
    boolean introspection() default true;

    /** Allow-list. */
    @AttributeDefinition(
            name = "Listed documents only",
            description =
                    "Whether only the documents are accepted that etc/persisted-documents.json of the"
                            + " instance directory lists: a JSON object of SHA-256 and text. It is"
                            + " read when the endpoint starts.")
    boolean persistedOnly() default false;
}
