// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * For every operation with arguments, arguments that are accepted: the ground on which one value
 * after the other is put to its edge. An operation that is served and not in this table fails the
 * test; whoever serves one adds a line. {@code $domain}, {@code $task} and {@code $schedule} stand
 * for what the test made.
 */
final class EdgeBase {
    private EdgeBase() {}

    /** What has to be made anew after a change was accepted. */
    enum After {
        /** Nothing: it changes nothing, or adds something nobody looks at. */
        NOTHING,
        /** The configuration of the domain. */
        CONFIGURATION,
        /** The domain with all that is in it. */
        DOMAIN
    }

    /** Arguments that are accepted. Immutable. */
    record Base(String arguments, After after) {
        ObjectNode variables(Map<String, String> made) {
            return (ObjectNode) GraphQl.parse(filled(arguments, made));
        }
    }

    /** A text with what the test made in the place of the names that begin with {@code $}. */
    static String filled(String text, Map<String, String> made) {
        String filled = text;
        for (Map.Entry<String, String> entry : made.entrySet()) {
            filled = filled.replace("$" + entry.getKey(), entry.getValue());
        }
        return filled;
    }

    private static final String TASK = "{'domainId':'$domain','type':'COMPUTATION'}";
    private static final String LATER =
            "{'domainId':'$domain','type':'COMPUTATION','runAt':'2099-01-01T00:00:00Z'}";

    private static final Map<String, Base> OPERATIONS = new LinkedHashMap<>();

    static {
        reads("Query.alerts", "{}");
        reads("Query.logs", "{}");
        reads("Query.domain", "{'id':'$domain'}");
        reads("Query.domains", "{}");
        reads("Query.domainsConnection", "{'first':5}");
        reads("Query.findDomain", "{'id':'$domain'}");
        reads("Query.findTask", "{'id':'$task'}");
        reads("Query.node", "{'id':'$task'}");
        reads("Query.nodes", "{'ids':['$task']}");
        reads("Query.resourceUsage", "{'domainId':'$domain'}");
        reads("Query.schedules", "{'domainId':'$domain'}");
        reads("Query.task", "{'id':'$task'}");
        reads("Query.tasks", "{'domainId':'$domain'}");
        reads("Query.tasksConnection", "{'domainId':'$domain','first':5}");
        reads("Query.bundle", "{'symbolicName':'org.spicetime.runtime.api'}");
        reads("Query.ejections", "{'first':5}");

        configures("Mutation.configureDomain", "{'domainId':'$domain','config':{}}");
        configures("Mutation.reconfigureDomain", "{'domainId':'$domain','config':{}}");
        changes("Mutation.rollbackDomainConfig", "{'domainId':'$domain','revision':1}");
        changes("Mutation.updateDomain", "{'domainId':'$domain','input':{}}");
        changes(
                "Mutation.allocateResources",
                "{'domainId':'$domain','resources':{'priority':1,'cpu':{'cores':0.5}}}");
        changes("Mutation.releaseResources", "{'domainId':'$domain'}");
        changes("Mutation.createDomain", "{'input':{'id':'edges-made'}}");
        changes("Mutation.deleteDomain", "{'domainId':'$domain','force':true}");
        changes("Mutation.startDomain", "{'domainId':'$domain'}");
        changes("Mutation.stopDomain", "{'domainId':'$domain'}");
        changes("Mutation.pauseDomain", "{'domainId':'$domain'}");
        changes("Mutation.resumeDomain", "{'domainId':'$domain'}");
        changes("Mutation.drainDomain", "{'domainId':'$domain'}");
        adds("Mutation.collectGarbage", "{'domainId':'$domain'}");
        adds("Mutation.swapOut", "{'domainId':'$domain'}");

        adds("Mutation.scheduleTask", "{'input':" + LATER + "}");
        adds("Mutation.scheduleTasks", "{'inputs':[" + LATER + "]}");
        changes("Mutation.cancelTask", "{'taskId':'$task'}");
        changes("Mutation.retryTask", "{'taskId':'$failed'}");
        changes("Mutation.suspendTask", "{'taskId':'$task'}");
        changes("Mutation.resumeTask", "{'taskId':'$suspended'}");
        changes("Mutation.updateTaskPriority", "{'taskId':'$task','priority':5}");
        changes("Mutation.updateTaskDeadline", "{'taskId':'$task'}");
        changes(
                "Mutation.cancelTasks",
                "{'domainId':'$domain','filter':{'nameContains':'nosuch'}}");
        changes("Mutation.retryTasks", "{'domainId':'$domain','filter':{'nameContains':'nosuch'}}");
        changes("Mutation.purgeTasks", "{'domainId':'$domain','filter':{'nameContains':'nosuch'}}");

        changes(
                "Mutation.createSchedule",
                "{'input':{'name':'edge','period':3600000,'task':" + TASK + "}}");
        changes("Mutation.updateSchedule", "{'scheduleId':'$schedule','input':{}}");
        changes("Mutation.deleteSchedule", "{'scheduleId':'$schedule'}");
        changes("Mutation.pauseSchedule", "{'scheduleId':'$schedule'}");
        changes("Mutation.resumeSchedule", "{'scheduleId':'$schedule'}");

        changes(
                "Mutation.ejectPlugin",
                "{'kind':'SCHEDULING_POLICY','name':'EDF','domainId':'$domain','reason':'edges'}");
        changes("Mutation.reinstatePlugin", "{'kind':'SCHEDULING_POLICY','name':'EDF'}");
        adds("Mutation.setLogLevel", "{'logger':'org.example.edges','level':'INFO'}");

        reads("Subscription.alertUpdated", "{'domainId':'$domain'}");
        reads("Subscription.domainMetrics", "{'domainIds':['$domain'],'interval':1000}");
        reads("Subscription.domainStatusChanged", "{'domainId':'$domain'}");
        reads("Subscription.domainTaskChanges", "{'domainId':'$domain'}");
        reads("Subscription.domainUpdated", "{'domainId':'$domain'}");
        reads("Subscription.hostMetrics", "{'interval':2000}");
        reads("Subscription.logAppended", "{'filter':{'contains':'no such text'}}");
        reads("Subscription.resourceAlert", "{'domainId':'$domain','threshold':0.9}");
        reads("Subscription.runtimeErrors", "{'domainId':'$domain'}");
        reads("Subscription.taskUpdated", "{'taskId':'$task'}");
        reads("Subscription.bundleUpdated", "{}");
    }

    /** How to come to the fields of a type, {@code %s} being a field of it. */
    private static final Map<String, String> WAYS =
            Map.of(
                    "DomainRuntime", "domain(id: \"$domain\") { %s }",
                    "MemoryMap", "domain(id: \"$domain\") { memoryMap { %s } }",
                    "Task", "task(id: \"$task\") { %s }",
                    "TaskAttempt", "task(id: \"$task\") { attempts { %s } }",
                    "Schedule", "schedules(domainId: \"$domain\") { %s }",
                    "SchedulingPolicyInfo", "schedulingPolicies { %s }",
                    "AllocatorInfo", "allocators { %s }",
                    "TaskHandlerInfo", "taskHandlers { %s }",
                    "Host", "host { %s }",
                    "SystemHealth", "systemHealth { %s }");

    /** The way to a type below the root, whose fields need no argument. */
    static String way(String type) {
        String way = WAYS.get(type);
        if (way == null) {
            throw new AssertionError(
                    type + " has fields with arguments; give it a way in EdgeBase");
        }
        return way;
    }

    /** What an input object on the way to a value needs beside it, by its type. */
    private static final Map<String, String> REQUIRED =
            Map.of(
                    "CPUAllocation", "{'cores':0.5}",
                    "MemoryAllocation", "{'size':1048576}",
                    "ResourceAllocationInput", "{'priority':1}",
                    "TaskInput", TASK,
                    "TaskDependencyInput", "{'taskId':'$task'}",
                    "TaskOrder", "{'field':'CREATED_AT'}");

    private static void reads(String operation, String arguments) {
        put(operation, arguments, After.NOTHING);
    }

    private static void adds(String operation, String arguments) {
        put(operation, arguments, After.NOTHING);
    }

    private static void configures(String operation, String arguments) {
        put(operation, arguments, After.CONFIGURATION);
    }

    private static void changes(String operation, String arguments) {
        put(operation, arguments, After.DOMAIN);
    }

    private static void put(String operation, String arguments, After after) {
        OPERATIONS.put(operation, new Base(arguments.replace('\'', '"'), after));
    }

    /** The line of an operation. */
    static Base of(String operation) {
        Base base = OPERATIONS.get(operation);
        if (base == null) {
            throw new AssertionError(
                    operation + " is served; give it a line of valid arguments in EdgeBase");
        }
        return base;
    }

    /** The members an input object of this type needs. */
    static JsonNode required(String type, Map<String, String> made) {
        return new Base(REQUIRED.getOrDefault(type, "{}").replace('\'', '"'), After.NOTHING)
                .variables(made);
    }
}
